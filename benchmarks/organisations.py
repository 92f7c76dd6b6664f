"""Owners of generated listings: verified organisations with names as they are found in counties."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random
from typing import Any, NamedTuple, TypeVar

from benchmarks.places import Place, Places
from benchmarks.vocabulary import vocabulary
from exchange.accounts.kinds import OrganisationKind, Verification
from exchange.kernel.database import PUBLIC_ALPHABET
from exchange.listings.kinds import Side

K = OrganisationKind
T = TypeVar("T")
NEED_KINDS = (K.VILLAGE_COMMITTEE, K.VILLAGE_COMMITTEE, K.COOPERATIVE, K.SCHOOL, K.TASK_FORCE)
OFFER_KINDS = (
    K.AGRI_ENTERPRISE, K.COMPANY, K.NGO, K.RESEARCH_UNIT, K.VOLUNTEER_GROUP, K.GOVERNMENT, K.AGENCY,
)  # fmt: skip
# {p} is the place, {b} a brand, {c} a crop.
NAMES: dict[OrganisationKind, tuple[str, str]] = {
    K.VILLAGE_COMMITTEE: ("{p}村民委员会", "{p} Committee"),
    K.COOPERATIVE: ("{p}{b}{c}种植专业合作社", "{p} {b} {c} Cooperative"),
    K.SCHOOL: ("{p}中心小学", "{p} Central Primary School"),
    K.TASK_FORCE: ("驻{p}工作队", "Task Force in {p}"),
    K.AGRI_ENTERPRISE: ("{p}{b}{c}农业发展有限公司", "{p} {b} {c} Farming Co."),
    K.COMPANY: ("{p}{b}商贸有限公司", "{p} {b} Trading Co."),
    K.NGO: ("{p}{b}公益服务中心", "{p} {b} Public Service Centre"),
    K.RESEARCH_UNIT: ("{p}{c}研究所", "{p} {c} Research Institute"),
    K.VOLUNTEER_GROUP: ("{p}{b}志愿服务队", "{p} {b} Volunteers"),
    K.GOVERNMENT: ("{p}农业农村局", "{p} Bureau of Agriculture"),
    K.AGENCY: ("{p}{b}社会工作服务中心", "{p} {b} Social Work Service"),
}


class Owner(NamedTuple):
    """What a listing needs to know of its owner, and the row of ``organisation``."""

    id: int
    public_id: str
    names: tuple[str, ...]
    place: Place
    row: dict[str, Any]


class Organisations:
    """A number of owners that does not grow with the listings beyond a limit; ids from 1."""

    def __init__(self, count: int, seed: int, now: datetime, places: Places) -> None:
        draw = Random(f"{seed} organisations")
        self._owners = [_owner(number, draw, now, places) for number in range(1, count + 1)]
        self._by_side = {
            Side.NEED: [one for one in self._owners if one.row["kind"] in NEED_KINDS],
            Side.OFFER: [one for one in self._owners if one.row["kind"] in OFFER_KINDS],
        }

    def __iter__(self) -> Iterator[Owner]:
        return iter(self._owners)

    def __len__(self) -> int:
        return len(self._owners)

    def draw(self, draw: Random, side: Side) -> Owner:
        """One who needs or offers; the first of them have more to say than the last."""
        owners = self._by_side[side]
        return owners[int(len(owners) * draw.random() ** 1.6)]


def _owner(number: int, draw: Random, now: datetime, places: Places) -> Owner:
    kinds = NEED_KINDS if number % 2 else OFFER_KINDS
    kind = kinds[number // 2 % len(kinds)]
    place = _pick(draw, _home(kind, places))
    brand, crop = _pick(draw, vocabulary().brands), _pick(draw, vocabulary().crops)
    zh, en = NAMES[kind]
    row = {
        "id": number,
        "public_id": "".join(draw.choices(PUBLIC_ALPHABET, k=14)),
        "external_id": f"bench-owner-{number}",
        "kind": kind,
        "name_zh": _joined(zh.format(p=place.zh, b=brand[0], c=crop[0])),
        "name_en": en.format(p=place.en, b=brand[1], c=crop[1].title()),
        "division_code": place.code,
        "profile": "",
        "credit_code": None,
        "verification": Verification.VERIFIED,
        "verified_at": now,
        "is_demonstration": False,
        "created_at": now,
        "updated_at": now,
    }
    names = (str(row["name_zh"]), str(row["name_en"]))
    return Owner(number, str(row["public_id"]), names, place, row)


def _home(kind: OrganisationKind, places: Places) -> Sequence[Place]:
    if kind in (K.VILLAGE_COMMITTEE, K.TASK_FORCE):
        return places.villages
    return places.townships if kind in (K.COOPERATIVE, K.SCHOOL) else places.counties


def _pick(draw: Random, some: Sequence[T]) -> T:
    return some[int(draw.random() * len(some))]


def _joined(name: str) -> str:
    """The committee of a neighbourhood is called otherwise than a village's."""
    town = name.replace("居委会村民委员会", "居民委员会")
    return town.replace("社区村民委员会", "社区居民委员会")
