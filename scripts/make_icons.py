"""Put icons into the sprite exchange/static/icons.svg.

    npm pack lucide-static                      # once; leaves lucide-static-VERSION.tgz here
    python scripts/make_icons.py --package lucide-static-VERSION.tgz truck sprout
    python scripts/make_icons.py --package lucide-static-VERSION.tgz --used

Names given are added to those that the sprite has; --used instead keeps exactly the icons that
the templates and the package name. Names are listed at https://lucide.dev/icons. The project's
own drawings (OWN below) are always there. The licence is in exchange/static/vendor/lucide.
"""

import argparse
import re
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SPRITE = ROOT / "exchange" / "static" / "icons.svg"
LINES = 'fill="none" stroke="currentColor"'
ENDS = 'stroke-linecap="round" stroke-linejoin="round"'
OWN = {
    "thread": '<path d="M6.4 11c3.6-6.5 7.6 8.5 11.2 2"/>'
    '<circle cx="4.3" cy="12" r="2.3"/><circle cx="19.7" cy="12" r="2.3"/>',
}
# What a call of icon(…) or its like names, and what is given as icon=…, icon_name=…, "icon": ….
CALLED = re.compile(r"""\b(?:icon|empty_state|sheet|menu)\(([^()]*)\)""")
GIVEN = re.compile(r"""\bicon(?:_name)?['"]?\s*[=:]\s*['"]([a-z0-9-]+)['"]""")
QUOTED = re.compile(r"""['"]([a-z0-9-]+)['"]""")
LISTED = re.compile(r"""['"][a-z]+['"]: ['"]([a-z0-9-]+)['"]""")


def names_in_sprite() -> set[str]:
    """The icons that the sprite has now."""
    if not SPRITE.exists():
        return set()
    return set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8")))


def names_used(known: set[str]) -> set[str]:
    """Those of the known names that templates and Python files speak of as icons."""
    names = set[str]()
    for path in [*(ROOT / "templates").rglob("*.html"), *(ROOT / "exchange").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        names.update(GIVEN.findall(text))
        for words in CALLED.findall(text):
            names.update(QUOTED.findall(words))
        if path.name == "icons.html":
            names.update(LISTED.findall(text))
        if path.suffix == ".py" and "add_navigation" in text:
            names.update(QUOTED.findall(text))
    return names & known


def drawing(package: tarfile.TarFile, name: str) -> str:
    """The inner markup of one icon, without white space between its shapes."""
    try:
        member = package.extractfile(f"package/icons/{name}.svg")
    except KeyError:
        member = None
    if member is None:
        sys.exit(f"There is no icon named {name}.")
    svg = member.read().decode("utf-8")
    inner = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    return re.sub(r"\s+/>", "/>", re.sub(r">\s+<", "><", inner.strip()))


def sprite(drawings: dict[str, str]) -> str:
    """One SVG file with a symbol for each drawing, in the order of their names."""
    symbols = (
        f'<symbol id="{name}" viewBox="0 0 24 24" {LINES} {ENDS}>{drawings[name]}</symbol>'
        for name in sorted(drawings)
    )
    note = "<!-- Icons from Lucide, ISC licence: see vendor/lucide/LICENSE -->"
    return f'<svg xmlns="http://www.w3.org/2000/svg">{note}\n' + "\n".join(symbols) + "\n</svg>\n"


def main() -> None:
    """Read the arguments, write the sprite, say what it holds."""
    parser = argparse.ArgumentParser(description="Put icons into exchange/static/icons.svg.")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--package", required=True, type=Path, help="lucide-static-VERSION.tgz")
    parser.add_argument("--used", action="store_true", help="keep only what templates name")
    given = parser.parse_args()
    with tarfile.open(given.package) as package:
        known = {Path(name).stem for name in package.getnames() if "/icons/" in name}
        kept = names_used(known) if given.used else names_in_sprite()
        wanted = (kept | set(given.names)) - set(OWN)
        drawings = OWN | {name: drawing(package, name) for name in wanted}
    SPRITE.write_text(sprite(drawings), encoding="utf-8")
    print(f"{len(drawings)} icons, {SPRITE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
