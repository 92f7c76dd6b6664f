"""When people come to people who need protection: who is checked before anybody is introduced.

Children, the old and the disabled cannot judge who comes to them. Goods, money and transport are
not meant: nobody of theirs is alone with anybody.
"""

from collections.abc import Collection

from exchange.taxonomy.terms import Beneficiary

# Help that people bring in person.
IN_PERSON = frozenset({
    "services.health", "services.education", "services.elderly", "services.children",
    "services.mental", "services.disability", "services.culture",
    "talent.teacher", "talent.medical", "talent.socialworker", "talent.intern",
    "volunteers.event", "volunteers.longterm", "volunteers.professional",
})  # fmt: skip
# What is asked for people who need protection, whoever the post says it is for.
FOR_PROTECTED = frozenset({
    "services.education", "services.elderly", "services.children", "services.mental",
    "services.disability",
})  # fmt: skip
PROTECTED = frozenset(
    {Beneficiary.LEFT_BEHIND_CHILDREN, Beneficiary.ELDERLY, Beneficiary.DISABLED}
)


def needs_check(asked: str | None, beneficiaries: Collection[str], given: str | None) -> bool:
    """Whether the giver must be verified and its people checked before an introduction.

    ``asked`` and ``given`` are the categories of the need and of the offer, ``beneficiaries`` those
    of the need. An offer without a category may be anything: then it is checked.
    """
    if given and given not in IN_PERSON:
        return False
    return asked in FOR_PROTECTED or not PROTECTED.isdisjoint(beneficiaries)
