"""Words by which kinds of work and skills are searched for, in both languages; never shown."""

from exchange.volunteering.kinds import Skill, Work

WORK_WORDS: dict[Work, tuple[str, ...]] = {
    Work.TEACHING: ("支教", "陪读", "辅导", "课业", "teaching", "tutoring"),
    Work.COMPANY: ("陪伴", "探访", "关爱", "company", "visiting"),
    Work.MEDICAL: ("义诊", "体检", "健康", "medical", "health"),
    Work.ENVIRONMENT: ("环保", "清洁", "植树", "environment", "cleaning", "planting"),
    Work.FARMING: ("农活", "助农", "采收", "farming", "harvest"),
    Work.CULTURE: ("文艺", "体育", "民俗", "culture", "sports"),
    Work.TRAINING: ("培训", "讲座", "技能", "training"),
    Work.EVENT: ("集市", "节庆", "活动", "event", "fair", "festival"),
    Work.REPAIR: ("义务维修", "修缮", "家电", "repair"),
    Work.EMERGENCY: ("救灾", "应急", "防汛", "emergency", "relief"),
    Work.OTHER: (),
}
SKILL_WORDS: dict[Skill, tuple[str, ...]] = {
    Skill.TUTORING: ("辅导", "家教", "tutoring"),
    Skill.MUSIC_ARTS: ("音乐", "美术", "music", "arts"),
    Skill.SPORTS: ("体育", "运动", "sports"),
    Skill.CHILD_CARE: ("带孩子", "儿童", "child care"),
    Skill.ELDER_CARE: ("照护老人", "养老", "elder care"),
    Skill.PSYCHOLOGY: ("心理", "psychology"),
    Skill.MEDICINE: ("医生", "护士", "medicine"),
    Skill.FIRST_AID: ("急救", "first aid"),
    Skill.LAW: ("法律", "律师", "law"),
    Skill.FARM_TECHNOLOGY: ("农技", "种植", "养殖", "farm technology"),
    Skill.COMPUTER: ("电脑", "网络", "computer"),
    Skill.PHOTOGRAPHY: ("摄影", "视频", "photography"),
    Skill.DESIGN: ("设计", "design"),
    Skill.DRIVING: ("开车", "司机", "driving"),
    Skill.COOKING: ("做饭", "厨师", "cooking"),
    Skill.REPAIRING: ("维修", "水电", "repairing"),
    Skill.LOCAL_LANGUAGE: ("方言", "苗语", "布依语", "彝语", "local language"),
    Skill.SIGN_LANGUAGE: ("手语", "sign language"),
    Skill.ORGANISING: ("组织", "主持", "organising"),
}


def search_words(work: Work, skills: list[str]) -> tuple[str, ...]:
    """What an activity is also found by."""
    known = [Skill(code) for code in skills if code in set(Skill)]
    words = (*WORK_WORDS[work], *(word for skill in known for word in SKILL_WORDS[skill]))
    return ("志愿者", "志愿活动", "义工", "volunteering", *dict.fromkeys(words))
