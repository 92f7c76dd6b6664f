"""Pinyin for place names, with the readings that places have and dictionaries often miss."""

from functools import lru_cache
from itertools import chain

from exchange.kernel.readings import read_running

# Readings of places (toneless, one syllable per character) where the dictionary errs.
READINGS = {
    "单县": "shan xian",
    "浚县": "xun xian",
    "繁峙": "fan shi",
    "洪洞": "hong tong",
    "大城": "dai cheng",
    "大埔": "da bu",
    "六合": "lu he",
    "六安": "lu an",
    "六枝": "liu zhi",
    "珲春": "hun chun",
    "崆峒": "kong tong",
    "称多": "chen duo",
    "都匀": "du yun",
    "厦门": "xia men",
    "亳州": "bo zhou",
    "丽水": "li shui",
    "乐清": "yue qing",
    "乐亭": "lao ting",
    "铅山": "yan shan",
    "蚌埠": "beng bu",
    "番禺": "pan yu",
    "东阿": "dong e",
    "莘县": "shen xian",
    "莘庄": "xin zhuang",
    "尉犁": "yu li",
    "蔚县": "yu xian",
    "台州": "tai zhou",
    "长子县": "zhang zi xian",
    "吴堡": "wu bu",
    "柞水": "zha shui",
    "宿州": "su zhou",
    "宿迁": "su qian",
    "宿松": "su song",
    "歙县": "she xian",
    "枞阳": "zong yang",
    "涡阳": "guo yang",
    "什邡": "shi fang",
    "犍为": "qian wei",
    "荥经": "ying jing",
    "荥阳": "xing yang",
    "泌阳": "bi yang",
    "尖扎": "jian zha",
    "阿城": "a cheng",
    "巴彦": "ba yan",
    "任丘": "ren qiu",
    "侯马": "hou ma",
    "瑞安": "rui an",
    "单城": "shan cheng",
    "北碚": "bei bei",
    "解州": "hai zhou",
    "漯河": "luo he",
    "监利": "jian li",
    "会稽": "kuai ji",
    "郫都": "pi du",
    "黄陂": "huang pi",
    "大厂": "da chang",
}
# In place names these characters almost always have this reading.
USUAL = {"长": "chang", "都": "du", "重": "chong", "朝": "chao", "藏": "zang", "乐": "le"}
# Names that are written in their own language, not in pinyin.
OWN_SPELLING = {
    "内蒙古": "Inner Mongolia",
    "陕西": "Shaanxi",
    "香港": "Hong Kong",
    "澳门": "Macao",
    "呼和浩特": "Hohhot",
    "鄂尔多斯": "Ordos",
    "呼伦贝尔": "Hulunbuir",
    "巴彦淖尔": "Bayannur",
    "乌兰察布": "Ulanqab",
    "锡林郭勒": "Xilingol",
    "阿拉善": "Alxa",
    "锡林浩特": "Xilinhot",
    "二连浩特": "Erenhot",
    "乌兰浩特": "Ulanhot",
    "齐齐哈尔": "Qiqihar",
    "哈尔滨": "Harbin",
    "大兴安岭": "Da Hinggan Ling",
    "乌鲁木齐": "Urumqi",
    "克拉玛依": "Karamay",
    "吐鲁番": "Turpan",
    "博尔塔拉": "Bortala",
    "巴音郭楞": "Bayingolin",
    "阿克苏": "Aksu",
    "克孜勒苏": "Kizilsu",
    "喀什": "Kashgar",
    "和田": "Hotan",
    "伊犁": "Ili",
    "阿勒泰": "Altay",
    "拉萨": "Lhasa",
    "日喀则": "Xigaze",
    "昌都": "Qamdo",
    "林芝": "Nyingchi",
    "那曲": "Nagqu",
    "阿里": "Ngari",
    "阿坝": "Ngawa",
    "甘孜": "Garze",
    "果洛": "Golog",
    "迪庆": "Diqing",
    "石河子": "Shihezi",
    "伊宁": "Yining",
    "库尔勒": "Korla",
    "额尔古纳": "Ergun",
}
LONGEST_READING = max(map(len, READINGS))


@lru_cache(maxsize=16384)
def syllables(text: str) -> tuple[str, ...]:
    """Toneless pinyin, one item per character (ü is v); others stand for themselves."""
    known = next(
        (
            READINGS[text[:n]]
            for n in range(min(LONGEST_READING, len(text)), 1, -1)
            if text[:n] in READINGS
        ),
        "",
    )
    head = known.split()
    rest = text[len(head) :]
    read = zip(rest, read_running(rest), strict=True)
    return tuple(chain(head, (USUAL.get(char, syllable) for char, syllable in read)))


def pinyin_key(text: str) -> str:
    """Pinyin run together for lookup, letters and digits only: 普定县 → pudingxian."""
    return "".join(s.lower() for s in syllables(text) if s.isascii() and s.isalnum())


def initials_key(text: str) -> str:
    """First letters for lookup: 普定县 → pdx."""
    return "".join(s[0].lower() for s in syllables(text) if s.isascii() and s.isalnum())


def romanise(text: str) -> str:
    """A proper noun in Latin letters: 普定 → Puding, 西安 → Xi'an."""
    if text in OWN_SPELLING:
        return OWN_SPELLING[text]
    written = ""
    for char, syllable in zip(text, syllables(text), strict=True):
        if char == syllable:
            written += char
            continue
        if written and written[-1].isalpha() and syllable[0] in "aoe":
            written += "'"
        written += syllable.replace("lv", "lü").replace("nv", "nü")
    return written[:1].upper() + written[1:]
