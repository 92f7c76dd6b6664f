"""What somebody asks of the list of projects, as one value, and how it stands in an address.

Reading never fails: what makes no sense is left out and named, so that the page can say so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from exchange.geography.rules import is_code
from exchange.projects.kinds import Stage, Template
from exchange.projects.rules import MOST_COMPARED, Scale
from exchange.taxonomy.categories import taxonomy


@dataclass(frozen=True)
class Asked:
    """Filters; empty values ask for everything. ``category`` and ``missing`` are top categories,
    ``chosen`` the public ids that are to be compared.
    """

    category: str = ""
    division: str = ""
    stage: str = ""
    scale: str = ""
    template: str = ""
    missing: str = ""
    chosen: tuple[str, ...] = ()

    @property
    def filters(self) -> int:
        """How many filters narrow the answer."""
        return sum(bool(getattr(self, name)) for name in FILTERS)

    def but(self, **changes: object) -> "Asked":
        """The same question with other values."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the names are checked by replace

    def choosing(self, public_id: str) -> "Asked":
        """The same with one more project to compare, or without it."""
        if public_id in self.chosen:
            return replace(self, chosen=tuple(one for one in self.chosen if one != public_id))
        return replace(self, chosen=(*self.chosen, public_id))


FILTERS = tuple(item.name for item in fields(Asked) if item.name != "chosen")


def read_asked(values: Mapping[str, Sequence[str]]) -> tuple[Asked, tuple[str, ...]]:
    """The question in an address's parameters, and the names of those that made no sense."""
    ignored: list[str] = []
    tops = {one.code for one in taxonomy().children()}

    def one(name: str, allowed: Iterable[str]) -> str:
        given = (values.get(name) or ("",))[0].strip()
        if not given or given in allowed:
            return given
        ignored.append(name)
        return ""

    division = (values.get("division") or ("",))[0].strip()
    if division and not is_code(division):
        ignored.append("division")
        division = ""
    asked = Asked(
        category=one("category", tops),
        division=division,
        stage=one("stage", tuple(Stage)),
        scale=one("scale", tuple(Scale)),
        template=one("template", tuple(Template)),
        missing=one("missing", tops),
        chosen=read_chosen(values.get("p", ())),
    )
    return asked, tuple(ignored)


def read_chosen(given: Sequence[str]) -> tuple[str, ...]:
    """Public ids to compare: each once, no more than stand side by side."""
    sound = (one for one in given if one.isascii() and one.isalnum() and len(one) <= 20)
    return tuple(dict.fromkeys(sound))[:MOST_COMPARED]


def parameters(asked: Asked, without: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """The question as pairs for an address; what is as usual is left out."""
    left_out = set(without)
    for name in FILTERS:
        value = getattr(asked, name)
        if value and name not in left_out:
            yield name, value
    if "p" not in left_out:
        yield from (("p", one) for one in asked.chosen)
