"""Which of the three doors a text belongs to: selling produce, seeking something, or offering."""

import re
from enum import StrEnum

from exchange.search.reading.spans import fold


class Direction(StrEnum):
    """What the writer wants."""

    SELL = "sell"  # has goods and wants them bought: a need of category market.purchase
    SEEK = "seek"  # lacks something: a need
    OFFER = "offer"  # has something for others, or wants to buy: an offer
    UNKNOWN = "unknown"


_SELL = re.compile(
    r"滞销|卖不(?:出|掉|动|完|脱|起|上价)|没(?:人|有人|得人|老板|客商)(?:来)?(?:收|买|要)|没卖(?:完|出|掉|脱)|"
    r"(?:求|找|缺|盼|寻)[^,。;!?]{0,8}(?:销路|买家|买主|收购商|采购商|客商|订单|经销商|批发商|采购)|求(?:收购|采购|收)|"
    r"谁(?:家)?(?:还)?(?:能)?(?:收|买|要)|(?:哪位|哪个)?老板(?:来)?收|等(?:着|人)(?:来)?(?:收|买)|待售|急售|"
    r"出售|现卖|销路|积压|压在?(?:地里|库里|仓库|手里)|帮(?:忙|我们|着)?卖|求(?:大家)?(?:帮忙)?带货|"
    r"(?:buyers?|purchasers?|wholesalers?|market)\s{1,4}(?:is\s{1,4}|are\s{1,4})?(?:wanted|needed|sought)|"
    r"(?:looking|search(?:ing)?)\s{1,4}for\s{1,4}(?:a\s{1,4})?(?:bulk\s{1,4})?(?:buyers?|market)|"
    r"for\s{1,4}sale|unsold|want(?:s)?\s{1,4}to\s{1,4}sell|"
    r"(?:find|need|seeking)\s{1,4}(?:a\s{1,4})?(?:buyers?|market)"
)
_SEEK = re.compile(
    r"求(?!购|职意向)|急需|需要|需求|缺(?!点)|想(?:要|找|请|学|办|买|申|做|换|建|修|把)|"
    r"找(?:人|个|家|一)|寻(?:求|找)|盼|请(?:人|来|专家|老师)|"
    r"恳请|诚聘|招募|招聘|希望|怎么办|咋(?:个)?办|能不能|没(?:人|有人|得人)|帮(?:帮|忙|一把)|(?:哪里|哪个|哪位|谁)(?:能|有|会|懂|家)|"
    r"\b(?:need(?:s|ed)?|wanted|looking for|seek(?:s|ing)?|"
    r"request|want(?:s)? to learn|required|short of|lack)\b"
)
_OFFER = re.compile(
    r"捐(?:赠|助|献)?|免费(?:提供|送|给|为|上门|教|借)|提供|可(?:提供|派|借|租|接|代|以来|出)|"
    r"(?:长期|常年|大量|现金|高价|上门|诚信)?(?:求购|收购(?!商))|"
    r"常年收|承接|代办|出租|转让|闲置|空着|志愿(?:者)?(?:可|愿|来)|愿意(?:提供|来|为|帮)|欢迎(?:申请|报名|来|咨询|联系|预约)|"
    r"面向|名额|资助|支持(?:\d|每|各|村)|报名|可申请|接单|我(?:司|厂|校|院|所)|为(?:村|农户|老人|儿童|合作社)|送(?:医|教|技|货|课|书)|"
    r"\b(?:free|we (?:offer|provide|buy|lend|donate|can|will|run|teach)|available|"
    r"offer(?:s|ed|ing)?|donat(?:e|ing|ion)|volunteers? (?:available|can)|"
    r"for rent|apply|places? (?:left|open)|on loan|surplus)\b"
)


def read_direction(title: str, text: str) -> Direction:
    """The likely direction; UNKNOWN when the words say nothing. A hint: the writer decides."""
    head, body = fold(title), fold(text)
    offers = 2 * len(_OFFER.findall(head)) + len(_OFFER.findall(body))
    seeks = 2 * len(_SEEK.findall(head)) + len(_SEEK.findall(body))
    sells = 2 * len(_SELL.findall(head)) + len(_SELL.findall(body))
    if sells and sells + seeks > offers:
        return Direction.SELL
    if seeks == offers == 0:
        return Direction.UNKNOWN
    return Direction.SEEK if seeks >= offers else Direction.OFFER
