"""The words of volunteers' time and of substitutes."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.volunteering.availability.kinds import Band, Part, Reach, Reply, Tongue
from exchange.volunteering.availability.time_rules import TimeWords, in_words
from exchange.web.locale import locale_code

DAY_LABELS: tuple[Any, ...] = (
    _l("Mon"), _l("Tue"), _l("Wed"), _l("Thu"), _l("Fri"), _l("Sat"), _l("Sun"),
)  # fmt: skip
PART_LABELS: dict[Part, Any] = {
    Part.MORNING: _l("Morning"),
    Part.AFTERNOON: _l("Afternoon"),
    Part.EVENING: _l("Evening"),
}
PARTS_SAID: tuple[Any, ...] = (_l("mornings"), _l("afternoons"), _l("evenings"))
REACH_LABELS: dict[Reach, Any] = {
    Reach.TOWNSHIP: _l("In my township"),
    Reach.COUNTY: _l("In the whole county"),
    Reach.CITY: _l("In the whole city"),
    Reach.KM_50: _l("Also in counties up to 50 km away"),
    Reach.KM_100: _l("Also in counties up to 100 km away"),
}
TONGUE_LABELS: dict[Tongue, Any] = {
    Tongue.MANDARIN: _l("Mandarin"),
    Tongue.LOCAL_CHINESE: _l("Local Chinese"),
    Tongue.MIAO: _l("Miao"),
    Tongue.BOUYEI: _l("Bouyei"),
    Tongue.DONG: _l("Dong"),
    Tongue.YI: _l("Yi"),
    Tongue.TUJIA: _l("Tujia"),
    Tongue.SHUI: _l("Shui"),
    Tongue.GELAO: _l("Gelao"),
    Tongue.ZHUANG: _l("Zhuang"),
    Tongue.TIBETAN: _l("Tibetan"),
    Tongue.MONGOLIAN: _l("Mongolian"),
    Tongue.UYGHUR: _l("Uyghur"),
    Tongue.ENGLISH: _l("The English language"),
}
BAND_LABELS: dict[Band, Any] = {
    Band.SAME_TOWNSHIP: _l("in the same township"),
    Band.SAME_COUNTY: _l("in the same county"),
    Band.WITHIN_50: _l("less than 50 km away"),
    Band.WITHIN_100: _l("50 to 100 km away"),
    Band.FARTHER: _l("farther than 100 km"),
}
REPLY_LABELS: dict[Reply, Any] = {
    Reply.OPEN: _l("Has not answered yet"),
    Reply.COMES: _l("Comes"),
    Reply.WAITS: _l("Waits"),
    Reply.NO: _l("Cannot come"),
}
REPLY_TONES: dict[Reply, str] = {
    Reply.OPEN: "",
    Reply.COMES: "activity",
    Reply.WAITS: "activity",
    Reply.NO: "warn",
}
SENTENCES: dict[str, Any] = {
    "availability_invalid": _l("Please look at these points again"),
    "availability_skill_needed": _l("Please choose what you can do, or write it down."),
    "availability_choice_form": _l("Please choose from the list."),
    "availability_time_needed": _l("Please tick at least one time at which you can."),
    "availability_dates_order": _l("The last day lies before the first."),
    "availability_over": _l("This day has passed already."),
    "availability_too_far": _l("This is more than two years away."),
    "availability_adults_only": _l("This is for people of 18 years and older."),
    "availability_place_wide": _l("Please choose your county, township or village."),
    "availability_no_person": _l("This account stands for no single person."),
    "substitutes_none": _l("Please tick whom you want to ask."),
    "substitutes_too_many": _l("At most %(most)s people are asked at once."),
    "substitutes_full": _l("This shift is full by now. Nobody was asked."),
}


def times_text(mask: int) -> str:
    """The times in the reader's language."""
    is_chinese = locale_code().startswith("zh")
    words = TimeWords(
        days=[str(one) for one in DAY_LABELS],
        parts=[str(one) for one in PARTS_SAID],
        whole_day=str(_l("all day")),
        workdays=str(_l("Mon–Fri")),
        weekend=str(_l("Sat–Sun")),
        every_day=str(_l("Every day")),
        gap="" if is_chinese else " ",
        comma="、" if is_chinese else ", ",
    )
    return in_words(mask, words)


def joined(labels: list[Any]) -> str:
    """Labels in a line."""
    return ("、" if locale_code().startswith("zh") else ", ").join(str(one) for one in labels)
