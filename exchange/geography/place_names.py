"""The names under which people know a place, made from its official name; and folding a text.

Pure: everything here is decided from the text alone.
"""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import opencc

from exchange.geography.peoples import split_peoples
from exchange.geography.rules import ENDINGS, Level

ORDINARY = Path(__file__).parent / "data" / "ordinary_words.txt"
HAN_RANGES = (("\u3400", "\u9fff"), ("\uf900", "\ufaff"))
# Zones are known by their whole name: 安顺经济技术开发区 is not 安顺.
ZONES = ("开发区", "管理区", "实验区", "园区")
# What may follow a name although the last sign of it belongs to another word: 安顺 市场.
TAILS = {
    "市": "场民政面价集值级",
    "区": "域块间号位别级",
    "县": "级域",
    "省": "级力钱心油电时工事略",
    "乡": "村镇下土亲情愁贤",
    "村": "民镇级",
    "镇": "级静定",
}
FINE_ENDINGS = ("街道", "社区", "居委会", "苏木", "嘎查", "镇", "乡", "村")
_VILLAGE_FORMS = ("村委会", "村民委员会", "村村委会", "村村民委员会", "村")
_COMMUNITY_FORMS = ("社区居委会", "社区居民委员会", "社区", "社区委员会")
_QUARTER_FORMS = ("居委会", "居民委员会")
_TOWNSHIP_FORMS = ("镇", "乡", "街道", "街道办事处", "苏木")
_FORMS = {
    "村": _VILLAGE_FORMS,
    "社区": _COMMUNITY_FORMS,
    "居委会": _QUARTER_FORMS,
    "街道": ("街道", "街道办事处"),
    "镇": ("镇",),
    "乡": ("乡",),
    "苏木": ("苏木",),
    "嘎查": ("嘎查", "嘎查委员会", "嘎查村委会"),
}


@cache
def ordinary_words() -> frozenset[str]:
    """Names of places that are words of everyday use as well."""
    lines = ORDINARY.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def is_han(char: str) -> bool:
    """Whether a sign is a Chinese character (as far as names of places use them)."""
    return char == "〇" or any(first <= char <= last for first, last in HAN_RANGES)


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=8192)
def _fold_sign(sign: str) -> str:
    wide = unicodedata.normalize("NFKC", sign)
    if len(wide) != 1:
        return sign
    if is_han(wide):
        simple: str = _simplifier().convert(wide)
        return simple if len(simple) == 1 else wide
    if wide in "üÜǚǜǘǖ":
        return "v"
    plain = unicodedata.normalize("NFD", wide)[:1].lower()
    return plain if len(plain) == 1 else wide


def fold(text: str) -> str:
    """The text in simplified, half-width, lower-case signs without tones, sign by sign.

    The length stays, so that positions fit the text as given.
    """
    return "".join(map(_fold_sign, text))


def stem_of(name: str, level: Level) -> str:
    """The name without its kind: 普定县 → 普定, 关岭布依族苗族自治县 → 关岭, 歙县 → 歙县.

    Zones, and names of which a single sign would be left, stay whole.
    """
    if name.endswith(ZONES):
        return name
    for ending, _word in ENDINGS[level]:
        if not name.endswith(ending) or len(name) <= len(ending):
            continue
        bare = name.removesuffix(ending)
        if ending.startswith("自治") and bare != "内蒙古":
            bare = split_peoples(bare)[0] or bare.removesuffix("族")
        elif ending in ("族乡", "民族乡"):
            bare = split_peoples(f"{bare}族")[0]
        return bare if len(bare) > 1 else name
    return name


def whole_names(name: str, level: Level) -> frozenset[str]:
    """The name and what people say for it with a kind: 关岭县, 黔南州, 平坝县 (its old kind)."""
    stem = stem_of(name, level)
    if stem == name:
        return frozenset({name})
    kinds = {
        Level.PROVINCE: ("省", "自治区", "市") if name.endswith(("区", "市")) else ("省",),
        Level.CITY: ("市", "州", "地区") if not name.endswith("市") else ("市", "地区"),
        Level.COUNTY: ("县", "自治县") if "自治" in name else ("县",),
    }.get(level, ())
    return frozenset({name, *(stem + kind for kind in kinds)})


def forms_with_ending(text: str) -> tuple[str, ...]:
    """The official names that a township's or village's name with its ending may stand for."""
    ending = next((one for one in FINE_ENDINGS if text.endswith(one)), "")
    stem = text.removesuffix(ending)
    return tuple(stem + form for form in _FORMS.get(ending, ())) if stem else ()


def forms_without_ending(word: str) -> tuple[str, ...]:
    """The official names that the bare name of a township or village may stand for."""
    forms = (*_TOWNSHIP_FORMS, *_VILLAGE_FORMS, *_COMMUNITY_FORMS, *_QUARTER_FORMS)
    return tuple(word + form for form in forms)


def breaks_a_word(text: str, end: int) -> bool:
    """Whether the last sign before ``end`` rather begins the next word: 安顺市|场."""
    return 0 < end < len(text) and text[end] in TAILS.get(text[end - 1], "")
