"""The two-level tree of categories, read once from the shipped table and never changed."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

DATA = Path(__file__).parent / "data" / "taxonomy.csv"


@dataclass(frozen=True)
class Category:
    """One node: its code, the code above, names, usual unit, and other words for the same."""

    code: str
    parent: str | None
    zh: str
    en: str
    default_unit: str
    alternatives: tuple[str, ...]

    def name(self, locale: str) -> str:
        """The name for a reader of the locale."""
        return self.zh if locale.startswith("zh") else self.en


@dataclass(frozen=True)
class Taxonomy:
    """All categories in the order of the table. Unknown codes raise KeyError."""

    categories: Mapping[str, Category]

    def __contains__(self, code: object) -> bool:
        return code in self.categories

    def category(self, code: str) -> Category:
        """The category with this code."""
        return self.categories[code]

    def name(self, code: str, locale: str) -> str:
        """The category's own name for a reader of the locale."""
        return self.categories[code].name(locale)

    def path(self, code: str) -> tuple[Category, ...]:
        """From the top category down to the category itself."""
        category = self.categories[code]
        above = self.path(category.parent) if category.parent else ()
        return (*above, category)

    def path_name(self, code: str, locale: str) -> str:
        """The path as one line: 设备设施 › 加工设备."""
        return " › ".join(category.name(locale) for category in self.path(code))

    def children(self, code: str | None = None) -> tuple[Category, ...]:
        """The categories directly below a code; without one, the top categories."""
        return tuple(c for c in self.categories.values() if c.parent == code)

    def descendants(self, code: str) -> tuple[str, ...]:
        """The code itself and all codes below it."""
        return tuple(c for c in self.categories if self.is_within(c, code))

    def is_within(self, code: str, ancestor: str) -> bool:
        """Whether a category is the other or lies below it."""
        return any(category.code == ancestor for category in self.path(code))

    def top(self, code: str) -> str:
        """The code of the top category that a category lies in."""
        return self.path(code)[0].code

    def default_unit(self, code: str) -> str:
        """The unit that quantities of this category usually have."""
        return self.categories[code].default_unit


def read_taxonomy(path: Path) -> Taxonomy:
    """Read a table with the columns code, parent, zh, en, default_unit, alt_zh."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [
            Category(
                code=row["code"],
                parent=row["parent"] or None,
                zh=row["zh"],
                en=row["en"],
                default_unit=row["default_unit"],
                alternatives=tuple(row["alt_zh"].split()),
            )
            for row in csv.DictReader(lines)
        ]
    return Taxonomy(MappingProxyType({category.code: category for category in rows}))


@cache
def taxonomy() -> Taxonomy:
    """The shipped taxonomy."""
    return read_taxonomy(DATA)
