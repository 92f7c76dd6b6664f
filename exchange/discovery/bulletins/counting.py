"""The numbers of an issue: counted when it is composed, and once more when it comes out."""

from exchange.discovery.bulletins.models import Bulletin, BulletinItem, BulletinPlace
from exchange.discovery.bulletins.queries import items_of
from exchange.discovery.bulletins.rules import Period
from exchange.discovery.bulletins.sections import Asked, Found, Section, Wanted, sections_of
from exchange.kernel.act import Act, House
from exchange.kernel.clock import civil_date


def asked_of(house: House, place: BulletinPlace, period: Period) -> Asked:
    """What the sections are asked about a place and its days, as of now."""
    start, end = period.moments(house.settings.time_zone)
    today = civil_date(house.clock.now(), house.settings.time_zone)
    return Asked(place.prefixes, period, start, end, today)


def count_anew(act: Act, issue: Bulletin) -> list[BulletinItem]:
    """Count everything as it is at this moment, of the days of the issue.

    Answers what stands in it and does not belong in any more, as a need that is met: the number of
    that stays as it was.
    """
    ended: list[BulletinItem] = []
    asked = asked_of(act.house, issue.place, issue.period)
    items = items_of(act.session, [issue.id])[issue.id]
    figures = dict(issue.figures)
    for section in sections_of(act.house):
        own = [one for one in items if one.section == section.code]
        findings = section.find(act.session, act.house, asked)
        figures[section.code] = dict(findings.figures)
        known = {one.subject_id: one for one in findings.items}
        known |= _elsewhere(act, section, asked, own, known)
        for one in own:
            if one.subject_id in known:
                one.counted = dict(known[one.subject_id].counted)
            elif section.choose is not None:
                ended.append(one)
    issue.figures, issue.counted_at = figures, act.now
    return ended


def _elsewhere(
    act: Act, section: Section, asked: Asked, own: list[BulletinItem], known: dict[int, Found]
) -> dict[int, Found]:
    """Of what stands in the issue and is not among the first of the list."""
    missing = frozenset(one.subject_id for one in own) - known.keys()
    if not missing or section.choose is None:
        return {}
    wanted = Wanted(only=missing, most=len(missing))
    found = section.choose(act.session, act.house, asked, wanted)
    return {one.subject_id: one for one in found}
