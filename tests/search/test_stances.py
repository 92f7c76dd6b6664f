"""What writers of notices want to do, by their words and by the category."""

import pytest

from exchange.search.reading.stances import Stance, read_stances


@pytest.mark.parametrize(
    ("side", "category", "words", "stances"),
    [
        ("need", "market.purchase", "土豆卖不掉,求收购", {Stance.SELLS}),
        ("offer", "market.purchase", "常年收土豆", {Stance.BUYS}),
        ("offer", "materials.inputs", "脱毒种薯现货供应", {Stance.SELLS}),
        ("need", "materials.inputs", "要两吨种薯", {Stance.BUYS}),
        ("need", "talent.jobs", "村里妇女想找点活路,计件也行", {Stance.SEEKS_WORK}),
        ("need", "talent.jobs", "采茶缺工三十人,包吃住", {Stance.SEEKS_HANDS}),
        ("offer", "talent.jobs", "招工", {Stance.SEEKS_HANDS}),
        ("offer", "talent.jobs", "劳力成班出工", {Stance.SEEKS_WORK}),
        ("offer", "cooperation.land", "坡地三百亩出租", {Stance.LETS}),
        ("offer", "cooperation.venture", "米粉店加盟", {Stance.RECRUITS}),
        ("need", "services.health", "求义诊", set()),
        ("offer", "", "We are hiring", {Stance.SEEKS_HANDS}),
    ],
)
def test_stances_of_a_notice(side, category, words, stances):
    assert read_stances(side, category, "", words) == stances
