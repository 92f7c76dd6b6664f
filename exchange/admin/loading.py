"""Loading the demonstration city once, through the same verbs that people use."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from exchange.accounts.models import Organisation, Person
from exchange.accounts.passwords import hash_password
from exchange.admin.accounts_of_project import keep_accounts
from exchange.admin.attendance import attend
from exchange.admin.available import say_when
from exchange.admin.bulletined import bring_out
from exchange.admin.city import PASSWORD, City
from exchange.admin.cooperation import cooperate
from exchange.admin.evaluated import evaluate
from exchange.admin.everyday import happen
from exchange.admin.filed import file_for_others
from exchange.admin.newcomer import arrive
from exchange.admin.players import make_everybody
from exchange.admin.progress import go_on
from exchange.admin.projects import begin_projects
from exchange.admin.safeguarded import safeguard
from exchange.admin.story import tell
from exchange.admin.trained import train
from exchange.admin.volunteers import volunteer
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import SYSTEM
from exchange.kernel.clock import FrozenClock, civil_date
from exchange.kernel.database import db
from exchange.kernel.errors import ConfigurationError
from exchange.listings.importing import import_listings, import_organisations
from exchange.listings.models import Listing
from exchange.listings.undertakings.service import make_undertaking

Progress = Callable[[int, int], None]
OPENED = timedelta(days=20)
CHUNK = 25
UNFINISHED = "demonstration.unfinished"  # a file: the city is not there to its end


def load_city(house: House, progress: Progress) -> None:
    """Load the city into an empty database; a site that has people is left alone.

    Raises ConfigurationError where an earlier start was stopped before the whole city was there.
    """
    unfinished = house.settings.data_dir / UNFINISHED
    if unfinished.exists():
        raise ConfigurationError(
            "it was stopped while the demonstration city came in; "
            f"empty {house.settings.data_dir} (and a database elsewhere) and start again"
        )
    if db.session.scalar(sa.select(Person.id).limit(1)) is not None:
        return
    unfinished.touch()
    _load(house, progress)
    unfinished.unlink()


def _load(house: House, progress: Progress) -> None:
    now = house.clock.now()
    city = City(civil_date(now, house.settings.time_zone))
    past = replace(house, clock=FrozenClock(now - OPENED))
    hashed = hash_password(house, PASSWORD)
    with open_act(past, db.session, SYSTEM, origin="demonstration") as act:
        import_organisations(act, city.organisations(), verified=True)
        make_everybody(act, city.story, hashed)
        _mark(act)
    rows = city.listings()
    total = len(rows) + len(city.story["matches"])
    for start in range(0, len(rows), CHUNK):
        with open_act(past, db.session, SYSTEM, origin="demonstration") as act:
            import_listings(act, rows[start : start + CHUNK], licence="示范数据：已备案")
            _spread(act, start)
        progress(start, total)
    tell(house, city, lambda pairs: progress(len(rows) + pairs, total))
    _put_together(past, city)
    arrive(house, city.story["newcomer"])
    file_for_others(house, city.story["filings"])
    begin_projects(house, city.shift)
    evaluate(house)
    keep_accounts(house, city.story["ledger"])
    go_on(house)
    cooperate(house)
    happen(house, city.story)
    bring_out(house, city.story["bulletin"])
    volunteer(house, city.story["activities"])
    safeguard(house, city.story["safeguarding"], hashed)
    attend(house, city.story["attendance"])
    train(house, city.story["training"])
    say_when(house, city.story["availability"])


def _put_together(house: House, city: City) -> None:
    """Undertakings, with the needs that are posted for them."""
    for told in city.undertakings():
        with open_act(house, db.session, SYSTEM, origin="demonstration") as act:
            import_listings(act, told.posts)
            query = sa.select(Listing).where(Listing.external_id.in_(told.needs))
            needs = act.session.scalars(query.order_by(Listing.id)).all()
            make_undertaking(act, told.name, told.note, needs)


def _mark(act: Act) -> None:
    act.session.execute(
        sa.update(Organisation)
        .values(is_demonstration=True)
        .execution_options(synchronize_session=False)
    )


def _spread(act: Act, start: int) -> None:
    """The listings of this act come in over some days."""
    rows = act.session.scalars(
        sa.select(Listing)
        .where(Listing.author_id.is_(None), Listing.published_at == act.now)
        .order_by(Listing.id)
    ).all()
    for number, listing in enumerate(rows, start):
        age = timedelta(hours=7 * (number % 60))
        if listing.published_at is not None:
            listing.published_at = listing.published_at + age


def sign_ins(house: House) -> Sequence[str]:
    """How to sign in, line by line."""
    city = City(civil_date(house.clock.now(), house.settings.time_zone))
    lines = [f"Sign in with one of these phones and the password {PASSWORD}:"]
    lines += [f"  {item['phone']}  {item['zh']} · {item['en']}" for item in city.story["players"]]
    lines.append(f"Messages that would go out are in {house.settings.data_dir / 'sent'}.")
    return lines
