"""The cast that every test knows.

A village officer needs, an enterprise offers, a social worker brokers, a centre's supervisor
looks after the stations, a stranger sees nothing. Each is made when first asked for.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import count

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.kinds import MembershipState, OrganisationKind, PointLevel, Verification
from exchange.accounts.models import (
    Assignment,
    Membership,
    Organisation,
    Person,
    ServicePoint,
    ServicePointDivision,
)
from exchange.accounts.passwords import HASHER
from exchange.accounts.rules import Address, AddressKind
from exchange.accounts.sealing import set_address
from exchange.geography.models import Division
from exchange.geography.romanisation import initials_key, pinyin_key
from exchange.geography.rules import chain_of, level_of, parent_of, short_name
from exchange.kernel.act import House
from exchange.kernel.actor import Actor, Duty, Role
from exchange.kernel.clock import civil_date
from exchange.kernel.database import WRITES, new_public_id
from exchange.volunteering.safeguarding.models import AgeStatement

CHEAP_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "mountain-tea-42"
PASSWORD_HASH = CHEAP_HASHER.hash(PASSWORD)
VILLAGE = "520422102243"
STATION_AREA = "520422"
CENTRE_AREA = "5204"
FIRM_AREA = "520402"
ELSEWHERE = "520502"
PLACES = {
    "52": "贵州省",
    "5204": "安顺市",
    "520402": "西秀区",
    "520422": "普定县",
    "520422102": "化处镇",
    "520422102243": "朵贝村村民委员会",
    "5205": "毕节市",
    "520502": "七星关区",
}
_numbers = count(1)


@dataclass(frozen=True)
class Player:
    """One of the cast. Rows are read anew from the session at every question."""

    session: Session
    person_id: int
    organisation_id: int
    phone: str
    password: str = PASSWORD

    @property
    def person(self) -> Person:
        return self.session.get_one(Person, self.person_id)

    @property
    def organisation(self) -> Organisation:
        return self.session.get_one(Organisation, self.organisation_id)

    @property
    def actor(self) -> Actor:
        """As the organisation of the play, whatever the person last chose."""
        return load_actor(self.session, self.person_id, self.organisation_id)


class Cast:
    """Makes people, organisations and service points, and commits them.

    Use it outside an open act: ``Cast(app, session)`` with the session that the test reads in;
    whatever was open there is committed first.
    """

    def __init__(self, app: Flask, session: Session) -> None:
        self.app = app
        self.session = session
        self.house: House = app.extensions["exchange"]
        self.house.resources[HASHER] = CHEAP_HASHER

    def _write(self) -> None:
        """End what was read, and begin what writes. A transaction that has read before it writes
        fails as soon as another process, such as a worker, has written in between.
        """
        self.session.commit()
        self.session.connection(execution_options={WRITES: True})

    @property
    def now(self) -> datetime:
        return self.house.clock.now().astimezone(UTC)

    @cached_property
    def officer(self) -> Player:
        """The officer of a village in Puding, for the verified village committee."""
        committee = self.make_organisation(
            OrganisationKind.VILLAGE_COMMITTEE, "朵贝村村民委员会", VILLAGE, verified=True
        )
        return self.make_player("罗小满", VILLAGE, committee, Role.MANAGER)

    @cached_property
    def enterprise(self) -> Player:
        """A verified firm in Xixiu that offers."""
        firm = self.make_organisation(
            OrganisationKind.AGRI_ENTERPRISE, "黔山冷链有限公司", FIRM_AREA, verified=True
        )
        return self.make_player("杨帆", FIRM_AREA, firm, Role.MANAGER)

    @cached_property
    def broker(self) -> Player:
        """A social worker at the station that serves Puding."""
        return self.make_worker(
            "韦青", "普定社工站", PointLevel.STATION, (STATION_AREA,), Duty.BROKER
        )

    @cached_property
    def supervisor(self) -> Player:
        """The supervisor of the centre that serves Anshun."""
        return self.make_worker(
            "陆远", "安顺社工指导中心", PointLevel.CENTRE, (CENTRE_AREA,), Duty.SUPERVISOR
        )

    @cached_property
    def operator(self) -> Player:
        """Somebody who runs the site, and is nothing else."""
        who = self.make_player("白若", STATION_AREA)
        self._write()
        who.person.is_operator = True
        self.session.commit()
        return who

    @cached_property
    def stranger(self) -> Player:
        """Somebody elsewhere in Guizhou, for nobody but themself, not verified."""
        return self.make_player("何路", ELSEWHERE)

    def sign_in(self, client: FlaskClient, who: Player) -> None:
        """Sign the player in on this client, acting for the organisation of the play."""
        self._write()
        person = who.person
        person.acting_organisation_id = who.organisation_id
        epoch = person.session_epoch
        self.session.commit()
        with client.session_transaction() as kept:
            kept["_user_id"] = f"{who.person_id}.{epoch}"
            kept["_fresh"] = True

    def sign_out(self, client: FlaskClient) -> None:
        """Nobody is signed in on this client any more."""
        with client.session_transaction() as kept:
            kept.clear()

    def make_player(
        self,
        name: str,
        division: str,
        organisation: Organisation | None = None,
        role: Role = Role.MEMBER,
        *,
        phone_confirmed: bool = True,
        says_adult: bool = True,
    ) -> Player:
        """A person with an organisation of their own, and a role in another if one is given.

        ``says_adult``: they have told the volunteering room that they are 18 or older.
        """
        self._write()
        phone = f"1390000{next(_numbers):04d}"
        person = Person(
            public_id=new_public_id(), name=name, password_hash=PASSWORD_HASH, created_at=self.now
        )
        address = Address(AddressKind.PHONE, phone)
        set_address(self.house.secrets, person, address, self.now if phone_confirmed else None)
        self.session.add(person)
        own = self.make_organisation(OrganisationKind.INDIVIDUAL_VOLUNTEER, name, division)
        self._write()
        self._join(person, own, Role.MANAGER)
        if says_adult:
            today = civil_date(self.now, self.house.settings.time_zone)
            said = AgeStatement(
                person_id=person.id, adult_declared_on=today, stated_at=self.now
            )
            self.session.add(said)
        acting = own
        if organisation is not None:
            self._join(person, organisation, role)
            acting = organisation
        person.acting_organisation_id = acting.id
        self.session.commit()
        return Player(self.session, person.id, acting.id, phone)

    def make_organisation(
        self, kind: OrganisationKind, name: str, division: str, *, verified: bool = False
    ) -> Organisation:
        """An organisation without members."""
        self._write()
        self.make_place(division)
        made = Organisation(
            public_id=new_public_id(),
            kind=kind,
            name_zh=name,
            division_code=division,
            verification=Verification.VERIFIED if verified else Verification.UNVERIFIED,
            verified_at=self.now if verified else None,
            created_at=self.now,
            updated_at=self.now,
        )
        self.session.add(made)
        self.session.commit()
        return made

    def make_worker(
        self, name: str, point_name: str, level: PointLevel, prefixes: tuple[str, ...], duty: Duty
    ) -> Player:
        """A person with a duty at a new service point that serves the divisions."""
        station = self.make_organisation(
            OrganisationKind.SOCIAL_WORK_STATION, point_name, prefixes[0], verified=True
        )
        who = self.make_player(name, prefixes[0], station)
        self._write()
        point = ServicePoint(
            public_id=new_public_id(),
            level=level,
            name_zh=point_name,
            organisation_id=station.id,
            created_at=self.now,
        )
        point.divisions = [ServicePointDivision(prefix=prefix) for prefix in prefixes]
        self.session.add(point)
        self.session.flush()
        self.session.add(
            Assignment(
                person_id=who.person_id, service_point_id=point.id, duty=duty, created_at=self.now
            )
        )
        self.session.commit()
        return who

    def make_actor(self, person_id: int) -> Actor:
        """The actor as a request would load it, whomever the person last chose to act for."""
        self.session.commit()
        return load_actor(self.session, person_id)

    def make_place(self, code: str) -> None:
        """The division and what contains it, where they are missing."""
        for above in chain_of(code):
            if self.session.get(Division, above) is None:
                name = PLACES.get(above, f"地方{above}")
                short = short_name(name, level_of(above))
                self.session.add(
                    Division(
                        code=above,
                        name=name,
                        level=level_of(above),
                        parent_code=parent_of(above),
                        initials=initials_key(short),
                        pinyin=pinyin_key(short),
                    )
                )
        self.session.flush()

    def _join(self, person: Person, organisation: Organisation, role: Role) -> None:
        self.session.add(
            Membership(
                person_id=person.id,
                organisation_id=organisation.id,
                role=role,
                state=MembershipState.ACTIVE,
                created_at=self.now,
            )
        )
