"""Who gives what to whom, as far as plain words tell: goods sold or sought, work sought or given.

A seller is no answer to a seller, and a vacancy none to somebody who looks for hands. The words
are the common verbs of small advertisements in both languages; a text that has none says nothing.
"""

import re
from enum import StrEnum

from exchange.matching.values import ListingFacts


class Stance(StrEnum):
    """What the writer wants to do."""

    SELLS = "sells"
    BUYS = "buys"
    SEEKS_WORK = "seeks_work"
    SEEKS_HANDS = "seeks_hands"


_SIGNS: tuple[tuple[Stance, re.Pattern[str]], ...] = tuple(
    (stance, re.compile(pattern, re.IGNORECASE))
    for stance, pattern in (
        (
            Stance.BUYS,
            (
                r"收购|求购|采购|订购|包销|上门收|长期收|代销|敞开收|订单|"
                r"\bbuy(?:s|ing|er|ers)?\b|\bpurchas\w+"
            ),
        ),
        (
            Stance.SELLS,
            (
                r"滞销|卖不[出掉完动]|愁卖|找销路|销路|出售|待售|低价出|批发供应|现货供应|"
                r"\bfor sale\b|\bsell(?:s|ing)?\b"
            ),
        ),
        (
            Stance.SEEKS_WORK,
            (
                r"找活|找点活|找工作|想.{0,6}(?:务工|就业|上班|打工)|"
                r"looking for (?:work|jobs?)|need jobs?"
            ),
        ),
        (
            Stance.SEEKS_HANDS,
            (
                r"招工|招聘|招\d+|缺工|缺人手|请工|用工|急招|岗位|包吃住|"
                r"\bhiring\b|\bvacanc\w+|workers? (?:needed|wanted)"
            ),
        ),
    )
)
# The stance of the one who offers that answers the stance of the one who needs.
_ANSWERS = {
    Stance.SELLS: Stance.BUYS,
    Stance.BUYS: Stance.SELLS,
    Stance.SEEKS_WORK: Stance.SEEKS_HANDS,
}
_CLASHES = {stance: stance for stance in Stance}


def stances_of(facts: ListingFacts) -> frozenset[Stance]:
    """What the words say, and for goods to sell also the category of the need."""
    words = f"{facts.title}\n{facts.text}"
    found = {stance for stance, signs in _SIGNS if signs.search(words)}
    if facts.side == "need" and facts.category == "market.purchase":
        found.add(Stance.SELLS)
        found.discard(Stance.BUYS)
    return frozenset(found)


def direction_fit(need: ListingFacts, offer: ListingFacts) -> tuple[float | None, str]:
    """1 where one gives what the other takes, 0 where both want the same thing, None unknown."""
    asked, given = stances_of(need), stances_of(offer)
    if any(_ANSWERS.get(stance) in given for stance in asked):
        return 1.0, "direction_fits"
    if any(_CLASHES[stance] in given for stance in asked):
        return 0.0, "direction_clashes"
    return None, ""
