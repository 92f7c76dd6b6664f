"""What a centre may set for the work in its area, and what holds where it has set nothing."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exchange.accounts.kinds import PointLevel
from exchange.accounts.models import ServicePoint, ServicePointDivision
from exchange.accounts.permissions import can_supervise_point
from exchange.brokering.centre.models import CentreSetting
from exchange.brokering.centre.point_events import CentreSettingsChanged
from exchange.kernel.act import Act
from exchange.kernel.actor import WHOLE_COUNTRY, ancestors
from exchange.kernel.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True)
class CentreSettings:
    """Spans in whole days. ``caseload_limit`` counts the live matches in one worker's hands.

    lapse_days: a proposal lapses so long after both were asked. reminder_days_before: who has not
    answered is reminded so long before that. escalate_…_days: so long may a pair that was taken up
    rest, an answer that arrived, and an amount after the day on which it was due.
    """

    lapse_days: int = 14
    reminder_days_before: int = 3
    escalate_claimed_days: int = 3
    escalate_answer_days: int = 3
    escalate_due_days: int = 14
    caseload_limit: int = 60
    caseload_blocks: bool = False


USUAL = CentreSettings()
NAMES = tuple(field.name for field in fields(CentreSettings))
# The least and the most of each number.
BOUNDS: dict[str, tuple[int, int]] = {
    "lapse_days": (2, 90),
    "reminder_days_before": (1, 30),
    "escalate_claimed_days": (1, 60),
    "escalate_answer_days": (1, 60),
    "escalate_due_days": (1, 180),
    "caseload_limit": (1, 500),
}


class SettingsByPlace:
    """The settings of every centre, by the divisions it serves."""

    def __init__(self, by_prefix: Mapping[str, CentreSettings]) -> None:
        self._by_prefix = by_prefix

    def of(self, division_code: str | None) -> CentreSettings:
        """Those of the nearest centre that serves the division; the usual ones without one."""
        above = reversed(ancestors(division_code or WHOLE_COUNTRY))
        return next((self._by_prefix[a] for a in above if a in self._by_prefix), USUAL)


def centre_settings_for(session: Session, division_code: str | None) -> CentreSettings:
    """What holds in a division, in one query."""
    above = ancestors(division_code or WHOLE_COUNTRY)
    return _load(session, ServicePointDivision.prefix.in_(above)).of(division_code)


def all_centre_settings(session: Session) -> SettingsByPlace:
    """What holds everywhere, in one query."""
    return _load(session, sa.true())


def settings_of_centre(session: Session, point_id: int) -> tuple[CentreSettings, int]:
    """What a centre has set, and its version; 0 where it has set nothing yet."""
    kept = session.get(CentreSetting, point_id)
    return (_values(kept), kept.version) if kept else (USUAL, 0)


def set_centre_settings(act: Act, public_id: str, values: CentreSettings, version: int) -> None:
    """Set what holds in the area of a centre; ``version`` is the one that was shown.

    Raises NotFound for a point that is no open centre which the actor supervises, Invalid for
    numbers that make no sense, Conflict when somebody else was faster.
    """
    point = act.session.scalar(
        sa.select(ServicePoint).where(
            ServicePoint.public_id == public_id,
            ServicePoint.level == PointLevel.CENTRE,
            ServicePoint.closed_at.is_(None),
        )
    )
    if point is None or not can_supervise_point(act.actor, point):
        raise NotFound
    _insist_on(values)
    kept = act.session.get(
        CentreSetting, point.id, with_for_update=True, populate_existing=True
    )
    present = kept.version if kept else 0
    if present != version:
        raise Conflict("centre_settings_changed")
    row = {
        **asdict(values), "service_point_id": point.id, "version": present + 1,
        "updated_at": act.now, "updated_by_id": act.actor.person_id,
    }  # fmt: skip
    if kept is None:
        act.session.add(CentreSetting(**row))
        try:
            act.session.flush()
        except IntegrityError as error:
            raise Conflict("centre_settings_changed") from error
    else:
        for name, value in row.items():
            setattr(kept, name, value)
    act.emit(CentreSettingsChanged(service_point_id=point.id, version=present + 1))


def _insist_on(values: CentreSettings) -> None:
    wrong = {
        name: ["number_out_of_range"]
        for name, (least, most) in BOUNDS.items()
        if not least <= getattr(values, name) <= most
    }
    if not wrong and values.reminder_days_before >= values.lapse_days:
        wrong = {"reminder_days_before": ["reminder_after_lapse"]}
    if wrong:
        raise Invalid(fields=wrong)


def _load(session: Session, where: sa.ColumnElement[bool]) -> SettingsByPlace:
    query = (
        sa.select(ServicePointDivision.prefix, CentreSetting)
        .join(ServicePoint, ServicePoint.id == ServicePointDivision.service_point_id)
        .outerjoin(CentreSetting, CentreSetting.service_point_id == ServicePoint.id)
        .where(ServicePoint.level == PointLevel.CENTRE, ServicePoint.closed_at.is_(None), where)
        .order_by(ServicePoint.id.desc())
    )
    return SettingsByPlace(
        {prefix: _values(kept) if kept else USUAL for prefix, kept in session.execute(query)}
    )


def _values(kept: CentreSetting) -> CentreSettings:
    return CentreSettings(**{name: getattr(kept, name) for name in NAMES})
