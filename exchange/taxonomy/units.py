"""Units of quantities: their English names, exact conversion, and quantities as people write them.

Amounts are integers in thousandths of the unit. A rate is a unit with a period: 车次/天.
"""

from dataclasses import dataclass
from fractions import Fraction

THOUSAND = 1000
TEN_THOUSAND = 10_000


@dataclass(frozen=True)
class Unit:
    """A unit, its English names, and, where it converts, its kind and size in the kind's base."""

    zh: str
    one: str
    many: str
    kind: str = ""
    size: Fraction = Fraction(1)


def _measures(kind: str, *rows: tuple[str, str, str, Fraction | int]) -> tuple[Unit, ...]:
    return tuple(Unit(zh, one, many, kind, Fraction(size)) for zh, one, many, size in rows)


MEASURES = (
    *_measures(
        "mass",
        ("克", "gram", "grams", Fraction(1, 1000)),
        ("两", "liang", "liang", Fraction(1, 20)),
        ("斤", "jin", "jin", Fraction(1, 2)),
        ("公斤", "kg", "kg", 1),
        ("千克", "kg", "kg", 1),
        ("担", "dan", "dan", 50),
        ("吨", "tonne", "tonnes", 1000),
        ("万斤", "10,000 jin", "× 10,000 jin", 5000),
    ),
    *_measures(
        "area",
        ("平方米", "m²", "m²", 1),
        ("亩", "mu", "mu", Fraction(2000, 3)),
        ("公顷", "hectare", "hectares", 10_000),
        ("平方公里", "km²", "km²", 1_000_000),
    ),
    *_measures(
        "length",
        ("厘米", "cm", "cm", Fraction(1, 100)),
        ("米", "metre", "metres", 1),
        ("里", "li", "li", 500),
        ("公里", "km", "km", 1000),
        ("千米", "km", "km", 1000),
    ),
    *_measures(
        "volume",
        ("毫升", "ml", "ml", Fraction(1, 1000)),
        ("升", "litre", "litres", 1),
        ("立方米", "m³", "m³", 1000),
        ("方", "m³", "m³", 1000),
    ),
    *_measures(
        "money",
        ("分", "fen", "fen", Fraction(1, 100)),
        ("角", "jiao", "jiao", Fraction(1, 10)),
        ("元", "yuan", "yuan", 1),
        ("万元", "10,000 yuan", "× 10,000 yuan", TEN_THOUSAND),
        ("亿元", "100 million yuan", "× 100 million yuan", 100_000_000),
    ),
    *_measures(
        "time", ("小时", "hour", "hours", 1), ("分钟", "minute", "minutes", Fraction(1, 60))
    ),
)
COUNTED = {
    "人": ("person", "people"),
    "人次": ("place", "places"),
    "户": ("household", "households"),
    "家": ("household or firm", "households or firms"),
    "个": ("piece", "pieces"),
    "件": ("item", "items"),
    "套": ("set", "sets"),
    "台": ("unit", "units"),
    "部": ("device", "devices"),
    "辆": ("vehicle", "vehicles"),
    "车次": ("truck trip", "truck trips"),
    "车": ("truckload", "truckloads"),
    "次": ("session", "sessions"),
    "场": ("event", "events"),
    "项": ("item", "items"),
    "份": ("share", "shares"),
    "单": ("order", "orders"),
    "处": ("site", "sites"),
    "座": ("building", "buildings"),
    "栋": ("building", "buildings"),
    "间": ("room", "rooms"),
    "所": ("site", "sites"),
    "床": ("quilt", "quilts"),
    "册": ("book", "books"),
    "本": ("book", "books"),
    "盏": ("lamp", "lamps"),
    "株": ("plant", "plants"),
    "棵": ("tree", "trees"),
    "头": ("head", "head"),
    "只": ("animal", "animals"),
    "羽": ("bird", "birds"),
    "箱": ("box", "boxes"),
    "袋": ("sack", "sacks"),
    "包": ("pack", "packs"),
    "瓶": ("bottle", "bottles"),
    "棒": ("grow bag", "grow bags"),
    "组": ("group", "groups"),
    "团": ("tour group", "tour groups"),
    "班": ("class", "classes"),
    "营": ("camp", "camps"),
    "名": ("person", "people"),
    "位": ("person", "people"),
    "批": ("batch", "batches"),
    "根": ("piece", "pieces"),
    "块": ("piece", "pieces"),
    "节": ("lesson", "lessons"),
    "天": ("day", "days"),
    "工日": ("day of work", "days of work"),
    "月": ("month", "months"),
    "年": ("year", "years"),
    "架": ("unit", "units"),
    "匹": ("head", "head"),
    "张": ("piece", "pieces"),
    "片": ("piece", "pieces"),
    "期": ("course", "courses"),
}
# Of these a part is something, too: half a truckload, half a share. The others are counted whole.
DIVISIBLE = frozenset({"车", "车次", "份", "批", "组", "天", "工日", "月", "年"})
WHOLE_UNITS = frozenset(COUNTED) - DIVISIBLE
UNITS: dict[str, Unit] = {
    unit.zh: unit
    for unit in (*MEASURES, *(Unit(zh, one, many) for zh, (one, many) in COUNTED.items()))
}
# Period → (English, kind, length). Days and months do not convert into each other.
PERIODS = {
    "小时": ("hour", "days", Fraction(1, 24)),
    "天": ("day", "days", Fraction(1)),
    "日": ("day", "days", Fraction(1)),
    "周": ("week", "days", Fraction(7)),
    "月": ("month", "months", Fraction(1)),
    "季": ("quarter", "months", Fraction(3)),
    "年": ("year", "months", Fraction(12)),
}


def step_milli(unit: str) -> int:
    """Of what an amount in this unit must be a multiple, in thousandths: half a cow is none.

    1 for what can be parted, for units that are not ours, and for rates, which may be a mean.
    """
    return THOUSAND if unit in WHOLE_UNITS else 1


def is_known(unit: str) -> bool:
    """Whether the unit (or the unit and the period of a rate) is one of ours."""
    base, slash, period = unit.partition("/")
    return base in UNITS and (not slash or period in PERIODS)


def ratio(from_unit: str, to_unit: str) -> Fraction | None:
    """How many of the second unit are one of the first, exactly; None where they do not convert."""
    if from_unit == to_unit:
        return Fraction(1)
    from_base, _, from_period = from_unit.partition("/")
    to_base, _, to_period = to_unit.partition("/")
    amount = _base_ratio(from_base, to_base)
    period = _period_ratio(from_period, to_period)
    return amount * period if amount is not None and period is not None else None


def _base_ratio(from_base: str, to_base: str) -> Fraction | None:
    if from_base == to_base:
        return Fraction(1)
    first, second = UNITS.get(from_base), UNITS.get(to_base)
    if first is None or second is None or not first.kind or first.kind != second.kind:
        return None
    return first.size / second.size


def _period_ratio(from_period: str, to_period: str) -> Fraction | None:
    if from_period == to_period:
        return Fraction(1)
    first, second = PERIODS.get(from_period), PERIODS.get(to_period)
    if first is None or second is None or first[1] != second[1]:
        return None
    return second[2] / first[2]


def converts(from_unit: str, to_unit: str) -> bool:
    """Whether an amount in the first unit can be said in the second."""
    return ratio(from_unit, to_unit) is not None


def convert(amount_milli: int, from_unit: str, to_unit: str) -> int | None:
    """Thousandths of one unit as thousandths of another; None where they do not convert.

    The ratio is exact; what is finer than a thousandth of the target unit is rounded down, so
    that a conversion never says more than there is.
    """
    factor = ratio(from_unit, to_unit)
    if factor is None:
        return None
    return amount_milli * factor.numerator // factor.denominator


def unit_name(unit: str, locale: str, amount_milli: int = 2 * THOUSAND) -> str:
    """The unit's name for a reader; in English singular for one. Unknown units stay as they are."""
    if locale.startswith("zh"):
        return unit
    base, _, period = unit.partition("/")
    known = UNITS.get(base)
    name = base if known is None else known.one if amount_milli == THOUSAND else known.many
    return f"{name} per {PERIODS[period][0]}" if period in PERIODS else _joined(name, period)


def _joined(name: str, period: str) -> str:
    return f"{name}/{period}" if period else name


def format_quantity(milli: int | None, unit: str, locale: str) -> str:
    """A quantity as people write it: 2.5 吨, 30万元, 300,000 yuan; empty without an amount."""
    if milli is None:
        return ""
    large = abs(milli) >= TEN_THOUSAND * THOUSAND and milli % (100 * THOUSAND) == 0
    if locale.startswith("zh") and large and not unit.startswith(("万", "亿")):
        return f"{format_amount(milli // TEN_THOUSAND)}万{unit}"
    return f"{format_amount(milli)} {unit_name(unit, locale, milli)}".strip()


def format_amount(milli: int) -> str:
    """Thousandths as a decimal number without needless zeros: 2500 → 2.5, 1200000 → 1,200."""
    whole, rest = divmod(abs(milli), THOUSAND)
    decimals = f".{rest:03d}".rstrip("0") if rest else ""
    return f"{'-' if milli < 0 else ''}{whole:,}{decimals}"
