"""When people come to people who need protection."""

import pytest

from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.safeguards import FOR_PROTECTED, IN_PERSON, needs_check


@pytest.mark.parametrize(
    ("asked", "beneficiaries", "given", "expected"),
    [
        ("services.children", ("general",), "volunteers.longterm", True),
        ("services.elderly", (), "services.elderly", True),
        ("services.health", ("elderly", "women"), "talent.medical", True),
        ("services.health", ("women",), "talent.medical", False),
        ("services.culture", ("left_behind_children",), "volunteers.event", True),
        ("materials.medical", ("disabled",), "materials.medical", False),
        ("services.elderly", (), "funds.grant", False),
        ("logistics.freight", ("general",), "logistics.freight", False),
        ("services.children", (), None, True),
        (None, ("left_behind_children",), "talent.teacher", True),
        (None, (), None, False),
    ],
)
def test_who_is_checked(asked, beneficiaries, given, expected):
    assert needs_check(asked, beneficiaries, given) is expected


def test_the_lists_name_categories_that_exist():
    assert all(code in taxonomy() for code in (*IN_PERSON, *FOR_PROTECTED))
