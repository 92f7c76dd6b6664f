"""A training of the village group, and what people do with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from exchange.kernel.clock import civil_date
from exchange.volunteering.models import Activity, Shift, Signup
from exchange.volunteering.training.completing_service import (
    Answered,
    answer_questions,
    confirm_at_date,
)
from exchange.volunteering.training.materials_service import add_material, set_questions
from exchange.volunteering.training.models import Completion, Training
from exchange.volunteering.training.requiring_service import require_trainings
from exchange.volunteering.training.rules import Question
from exchange.volunteering.training.service import add_date, make_training, publish_training
from exchange.volunteering.training.values import MaterialValues, TrainingValues
from exchange.volunteering.values import ShiftValues
from tests.cast import VILLAGE, Player
from tests.volunteering.conftest import CHINA, Group

FRIDAY = datetime(2026, 11, 27, 19, 0, tzinfo=CHINA)
LESSON = "陪孩子读书第一课"
PAGE = "一、先问老师。\n二、不单独带孩子离开。"
QUESTIONS = (
    Question("孩子说不舒服，先做什么？", ("继续读", "告诉负责人"), 1),
    Question("可以单独带孩子离开吗？", ("可以", "不可以", "看情况"), 1),
)
RIGHT, WRONG = (1, 1), (0, 1)


@dataclass
class School:
    """The group and its training; rows are read anew in the session that asks."""

    group: Group
    training_id: int
    training_key: str

    @property
    def page(self) -> str:
        return f"/trainings/{self.training_key}"

    def training(self) -> Training:
        self.group.session.rollback()
        return self.group.session.get_one(Training, self.training_id)

    def date(
        self, starts: datetime = FRIDAY, maximum: int = 10, leader: Player | None = None
    ) -> Shift:
        values = ShiftValues(starts, starts + timedelta(hours=2), 1, maximum)
        with self.group.act_as((leader or self.group.leader).actor) as act:
            key = add_date(act, act.session.get_one(Training, self.training_id), values).public_id
        query = sa.select(Shift).where(Shift.public_id == key)
        return self.group.session.scalars(query).one()

    def answers(self, who: Player, chosen: Sequence[int | None] = RIGHT) -> Answered:
        with self.group.act_as(who.actor) as act:
            return answer_questions(act, act.session.get_one(Training, self.training_id), chosen)

    def confirms(self, shift: Shift, *people: Player, by: Player | None = None) -> int:
        keys = [self.signup(one, shift) for one in people]
        with self.group.act_as((by or self.group.leader).actor) as act:
            found = act.session.get_one(Training, self.training_id)
            return confirm_at_date(act, found, act.session.get_one(Shift, shift.id), keys).count

    def signup(self, who: Player, shift: Shift) -> str:
        self.group.session.rollback()
        query = sa.select(Signup.public_id).where(
            Signup.shift_id == shift.id, Signup.person_id == who.person_id
        )
        return self.group.session.scalars(query).one()

    def asked_by(self, activity: Activity) -> None:
        with self.group.act_as(self.group.leader.actor) as act:
            require_trainings(act, act.session.get_one(Activity, activity.id), [self.training_key])

    def completions(self, who: Player) -> list[Completion]:
        self.group.session.rollback()
        query = sa.select(Completion).where(Completion.person_id == who.person_id)
        return list(self.group.session.scalars(query.order_by(Completion.id)))

    def has_done(self, who: Player, ends_in_days: int | None = None) -> None:
        """A completion as it is recorded, that ends in so many days."""
        session = self.group.session
        session.commit()
        today = civil_date(self.group.cast.now)
        ends = today + timedelta(days=ends_in_days) if ends_in_days is not None else None
        session.add(
            Completion(
                training_id=self.training_id, person_id=who.person_id, way="passed",
                completed_on=min(today, ends or today), expires_on=ends,
                recorded_at=self.group.cast.now,
            )
        )  # fmt: skip
        session.commit()


def make_school(group: Group, *, publish: bool = True, **values: object) -> School:
    """A training with a page and two questions, on offer."""
    chosen: dict[str, object] = {
        "title": LESSON, "learns": "怎样和孩子说话。", "division_code": VILLAGE,
        "place": "村委会二楼", "valid_months": 12,
    } | values  # fmt: skip
    with group.act_as(group.leader.actor) as act:
        made = make_training(act, group.leader.organisation_id, TrainingValues(**chosen))  # type: ignore[arg-type]  # values of a test
        add_material(act, made, MaterialValues("读前须知", PAGE))
        set_questions(act, made, QUESTIONS, 2)
        act.session.expire(made)
        if publish:
            publish_training(act, made)
        return School(group, made.id, made.public_id)
