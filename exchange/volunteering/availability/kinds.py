"""The closed lists of volunteers' time and of asking substitutes."""

from enum import StrEnum


class Part(StrEnum):
    """A part of a day: until noon, until six, after that."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Reach(StrEnum):
    """How far from home somebody goes: by divisions, or by the way between counties."""

    TOWNSHIP = "township"
    COUNTY = "county"
    CITY = "city"
    KM_50 = "km_50"
    KM_100 = "km_100"


class Tongue(StrEnum):
    """What somebody speaks."""

    MANDARIN = "mandarin"
    LOCAL_CHINESE = "local_chinese"
    MIAO = "miao"
    BOUYEI = "bouyei"
    DONG = "dong"
    YI = "yi"
    TUJIA = "tujia"
    SHUI = "shui"
    GELAO = "gelao"
    ZHUANG = "zhuang"
    TIBETAN = "tibetan"
    MONGOLIAN = "mongolian"
    UYGHUR = "uyghur"
    ENGLISH = "english"


class Reply(StrEnum):
    """What became of asking somebody for a shift."""

    OPEN = "open"
    COMES = "comes"
    WAITS = "waits"
    NO = "no"


class Band(StrEnum):
    """About how far somebody lives from a place; never more exactly."""

    SAME_TOWNSHIP = "same_township"
    SAME_COUNTY = "same_county"
    WITHIN_50 = "within_50"
    WITHIN_100 = "within_100"
    FARTHER = "farther"
