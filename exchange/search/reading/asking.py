"""How a question is asked, apart from what it is about: 谁家还收刺梨 looks for an offer of 收刺梨.

The words come from the grammar of questions and from how listings are worded; a hint only.
"""

import re

from exchange.search.reading.spans import fold

# Asks who has, does, takes or gives something: wants the side that answers.
_ASKS = re.compile(
    r"谁家?|哪里|哪儿|哪家|哪个|哪位|怎么|咋个?|如何|有没有|有无|能不能|可不可以|去哪|到哪|找谁"
    r"|\b(?:who|where|how to|how do|how can|any(?:one|body)|buyers?)\b"
)
_GIVES = re.compile(
    r"提供|捐|赠送?|出租|租赁|转让|供应|供货|出售|支援|收购|求购|回收|承接|代办|我能帮|可以帮|愿意"
    r"|\b(?:donat\w{0,5}|for rent|for sale|offer\w{0,3}|free|supply|supplier)\b"
)
_LACKS = re.compile(
    r"求(?!购)|需要|急需|急缺|缺少|缺|招募|招(?!商|标)|想要|寻找|寻求"
    r"|\b(?:need\w{0,3}|wanted|looking for|seeking|short of)\b"
)
_EMPTY = re.compile(
    r"(?:请问|我们?村?(?:想|要)?(?:问问?|找)|谁家?(?:还|有|能|会|要|在)?|哪里(?:有|能|可以|找)?|哪儿(?:有)?"
    r"|哪家(?:有|还)?|怎么(?:办|弄|找|申请|做|样)?|咋个?(?:办|弄|整|找)?|如何|有没有(?:人|谁|哪家)?"
    r"|能不能|可不可以|去哪里?(?:找|办)?|找谁|急需|[吗呢吧?？!！]+)"
    r"|\b(?:who|where|how|to|do|does|can|i|we|is|are|there|any|anyone|anybody|a|an|the|get|find)\b",
    re.IGNORECASE,
)


def side_meant(text: str) -> str:
    """ "need", "offer" or nothing: the side of the listings that such a question looks for."""
    asked = fold(text)
    if _ASKS.search(asked):
        return "offer"
    gives, lacks = bool(_GIVES.search(asked)), bool(_LACKS.search(asked))
    if gives == lacks:
        return ""
    return "offer" if gives else "need"


def without_asking(text: str) -> str:
    """What a question is about; the whole text when nothing else is left."""
    rest = " ".join(_EMPTY.sub(" ", text).split())
    return rest or text
