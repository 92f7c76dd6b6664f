"""What happens to news by the clock, and after they were posted."""

from collections.abc import Sequence

from exchange.jobs.registry import Payload, Run, job
from exchange.projects.news.indexing import index_news_of
from exchange.projects.news.picturing import forget_old_kept
from exchange.projects.news.queries import followers_after, update_with_id
from exchange.projects.news.silence import ask_the_silent
from exchange.projects.news.telling import tell_followers

BATCH = 50


@job("projects.tell_news")
def tell_news(run: Run, payloads: Sequence[Payload]) -> None:
    """Tell those who follow, in short acts; whoever was told already hears nothing new."""
    for payload in payloads:
        behind, full = 0, True
        while full:
            with run.act() as act:
                update = update_with_id(act.session, payload["update_id"])
                if update is None:
                    break
                found = followers_after(act.session, update.project_id, behind, BATCH)
                tell_followers(act, update, found)
                full = len(found) == BATCH
                behind = found[-1].person_id if found else behind


@job("projects.index_news")
def index_news(run: Run, payloads: Sequence[Payload]) -> None:
    """Bring the news of projects that changed in line in the index, in short acts."""
    for payload in payloads:
        after, more = 0, True
        while more:
            with run.act() as act:
                after = index_news_of(act, payload["project_id"], after, BATCH)
            more = after > 0


@job("projects.silent", every_minutes=60)
def ask_silent(run: Run, _payloads: Sequence[Payload]) -> None:
    """Ask the people of silent projects for news; whom it reaches by night hears in the morning."""
    full = True
    while full:
        with run.act() as act:
            full = ask_the_silent(act, BATCH) == BATCH


@job("projects.forget_pictures", every_minutes=60)
def forget_pictures(run: Run, _payloads: Sequence[Payload]) -> None:
    """Delete pictures whose words never came."""
    full = True
    while full:
        with run.act() as act:
            full = forget_old_kept(act, BATCH) == BATCH
