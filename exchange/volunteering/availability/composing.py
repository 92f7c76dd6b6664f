"""A volunteer's time as the words and facts of an offer, in Chinese as the station reads it.

Nothing in it says who the person is. How the same reads on pages, in both languages, stands in
``labels``.
"""

from collections.abc import Sequence

from exchange.listings.kinds import Visibility
from exchange.listings.values import ListingValues
from exchange.volunteering.availability.kinds import Tongue
from exchange.volunteering.availability.models import Availability
from exchange.volunteering.availability.rules import category_of
from exchange.volunteering.availability.time_rules import TimeWords, in_words
from exchange.volunteering.kinds import Skill

ONE_PERSON_MILLI = 1000
UNIT = "人"
LONGEST_TITLE = 60
TIMES = TimeWords(
    days=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    parts=("上午", "下午", "晚上"),
    whole_day="全天",
    workdays="工作日",
    weekend="周末",
    every_day="每天",
    gap="",
    comma="、",
)
SKILLS: dict[Skill, str] = {
    Skill.TUTORING: "课业辅导",
    Skill.MUSIC_ARTS: "音乐美术",
    Skill.SPORTS: "体育",
    Skill.CHILD_CARE: "照看孩子",
    Skill.ELDER_CARE: "照护老人",
    Skill.PSYCHOLOGY: "心理疏导",
    Skill.MEDICINE: "医疗护理",
    Skill.FIRST_AID: "急救",
    Skill.LAW: "法律咨询",
    Skill.FARM_TECHNOLOGY: "农技指导",
    Skill.COMPUTER: "电脑和网络",
    Skill.PHOTOGRAPHY: "拍照和视频",
    Skill.DESIGN: "设计",
    Skill.DRIVING: "开车",
    Skill.COOKING: "做饭",
    Skill.REPAIRING: "维修",
    Skill.LOCAL_LANGUAGE: "本地语言",
    Skill.SIGN_LANGUAGE: "手语",
    Skill.ORGANISING: "组织活动",
}
TONGUES: dict[Tongue, str] = {
    Tongue.MANDARIN: "普通话",
    Tongue.LOCAL_CHINESE: "本地汉话",
    Tongue.MIAO: "苗语",
    Tongue.BOUYEI: "布依语",
    Tongue.DONG: "侗语",
    Tongue.YI: "彝语",
    Tongue.TUJIA: "土家语",
    Tongue.SHUI: "水语",
    Tongue.GELAO: "仡佬语",
    Tongue.ZHUANG: "壮语",
    Tongue.TIBETAN: "藏语",
    Tongue.MONGOLIAN: "蒙古语",
    Tongue.UYGHUR: "维吾尔语",
    Tongue.ENGLISH: "英语",
}


def listing_values(row: Availability, prefixes: Sequence[str]) -> ListingValues:
    """The offer that says what the person says."""
    when = in_words(row.times, TIMES)
    return ListingValues(
        title=_title(row, when),
        text=_text(row, when),
        category_code=category_of(row.skills, row.from_date, row.to_date),
        division_code=row.division_code,
        quantity_milli=ONE_PERSON_MILLI,
        unit=UNIT,
        from_date=row.from_date,
        to_date=row.to_date,
        visibility=Visibility.BROKERS,
        coverage=tuple(prefixes),
    )


def _skills(row: Availability) -> list[str]:
    return [SKILLS[Skill(code)] for code in row.skills if code in set(Skill)]


def _title(row: Availability, when: str) -> str:
    can = "、".join(_skills(row)[:4]) or row.words
    title = f"志愿者：{can}，{when}有空"
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"


def _text(row: Availability, when: str) -> str:
    tongues = [TONGUES[Tongue(code)] for code in row.tongues if code in set(Tongue)]
    spoken = "、".join([*tongues, *([row.dialect] if row.dialect else [])])
    lines = [
        f"我能帮忙：{'、'.join(_skills(row))}。" if row.skills else "",
        row.words,
        f"{when}有空。",
        f"会说{spoken}。" if spoken else "",
        "自己有车，可以自己去。" if row.has_transport else "",
        "也可以在网上帮忙。" if row.is_remote else "",
    ]
    return "\n".join(line for line in lines if line)
