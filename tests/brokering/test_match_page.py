"""The page of a match in every state: no id stands twice, and the next step is at the thumb."""

from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

from flask.testing import FlaskClient

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.models import Person
from exchange.brokering.deeds import fulfilling
from exchange.brokering.kinds import CloseReason, DismissReason, MatchState
from exchange.brokering.life import claiming, closing, proposing
from exchange.listings.kinds import Side
from tests.brokering.conftest import Scene
from tests.cast import Player
from tests.factories import make_listing


class Page(HTMLParser):
    """What stands on a page, as far as these tests ask."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.buttons: list[dict[str, str | None]] = []
        self.forms: list[dict[str, str | None]] = []
        self.text = text
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "button":
            self.buttons.append(found)
        if tag == "form":
            self.forms.append(found)

    @property
    def main_form(self) -> str | None:
        """The form that the act at the thumb sends."""
        acts = [one for one in self.buttons if "main-act" in str(one.get("class"))]
        assert len(acts) <= 1
        return acts[0].get("form") if acts else None

    @property
    def steps_done(self) -> int:
        return self.text.count('<li class="done"')


def look(scene: Scene, client: FlaskClient, who: Player, public_id: str) -> Page:
    scene.cast.sign_in(client, who)
    answer = client.get(f"/matches/{public_id}")
    assert answer.status_code == 200
    return Page(answer.text)


def delivering(scene: Scene) -> str:
    public_id, commitment = scene.agreed()
    with scene.act(scene.cast.broker) as act:
        fulfilling.commit(act, public_id, 5_000, 5_000)
    with scene.act(scene.cast.officer) as act:
        fulfilling.record_delivery(act, public_id, commitment, 10_000)
    return public_id


def write_outcome(scene: Scene, public_id: str) -> None:
    with scene.act(scene.cast.officer) as act:
        fulfilling.record_outcome(act, public_id, "用上了", 30, 10_000)


def confirm(scene: Scene, public_id: str) -> None:
    with scene.act(scene.cast.enterprise) as act:
        fulfilling.confirm_outcome(act, public_id, Side.OFFER, version=scene.version(public_id))


def close_file(scene: Scene, public_id: str) -> None:
    with scene.act(scene.cast.broker) as act:
        fulfilling.evaluate(act, public_id, "好")


AFTER_DELIVERY = {"written": write_outcome, "completed": confirm, "evaluated": close_file}


def evaluated(scene: Scene) -> str:
    public_id = delivering(scene)
    for step in AFTER_DELIVERY.values():
        step(scene, public_id)
    return public_id


def withdrawn(scene: Scene) -> str:
    public_id = scene.proposed()
    with scene.act(scene.cast.broker) as act:
        closing.withdraw(act, public_id, CloseReason.TIME, "改到明年")
    return public_id


def dismissed(scene: Scene) -> str:
    with scene.act(scene.cast.broker) as act:
        return claiming.dismiss(act, scene.need_id, scene.offer_id, DismissReason.TOO_FAR).public_id


def another_need(scene: Scene) -> None:
    scene.need_id = make_listing(scene.cast.house, scene.cast.officer, Side.NEED).id


def life(scene: Scene) -> Iterator[tuple[str, str]]:
    """Matches in every state that a page shows, one after the other."""
    yield "claimed", scene.claimed()
    another_need(scene)
    yield "proposed", scene.proposed()
    another_need(scene)
    yield "introduced", scene.introduced()
    another_need(scene)
    yield "agreed", scene.agreed(10_000, 10_000)[0]
    another_need(scene)
    public_id = delivering(scene)
    yield "delivering", public_id
    for way, step in AFTER_DELIVERY.items():
        step(scene, public_id)
        yield way, public_id
    another_need(scene)
    yield "withdrawn", withdrawn(scene)
    another_need(scene)
    yield "dismissed", dismissed(scene)


FOR_BROKERS = {"claimed", "dismissed"}
MAIN_ACTS = {
    ("claimed", "broker"): "step-propose",
    ("proposed", "broker"): None,
    ("proposed", "officer"): "answer-need",
    ("proposed", "enterprise"): "answer-offer",
    ("introduced", "broker"): "step-commit",
    ("introduced", "officer"): None,
    ("agreed", "officer"): "deliver-",
    ("delivering", "enterprise"): "deliver-",
    ("written", "enterprise"): "confirm-offer",
    ("written", "officer"): None,
    ("completed", "broker"): "step-evaluate",
    ("evaluated", "broker"): None,
    ("withdrawn", "officer"): None,
}


def test_pages_of_a_whole_life(scene: Scene, client: FlaskClient) -> None:
    """For each reader in each state: no id stands twice, no form is checked by the browser, and
    the next step of this reader stands at the thumb.
    """
    cast, asked = scene.cast, set()
    scene.listing(Side.OFFER).organisation.kind = OrganisationKind.INDIVIDUAL_VOLUNTEER
    scene.cast.session.commit()
    for way, public_id in life(scene):
        readers = ["broker", "supervisor"]
        if way not in FOR_BROKERS:
            readers += ["officer", "enterprise"]
        for who in readers:
            page = look(scene, client, getattr(cast, who), public_id)
            case = way, who
            assert [one for one, count in Counter(page.ids).items() if count > 1] == [], case
            steps = [one for one in page.forms if str(one.get("class")).find("stack") >= 0]
            assert all("novalidate" in one for one in steps), case
            if case in MAIN_ACTS:
                check_main_act(page, MAIN_ACTS[case], case)
                asked.add(case)
    assert asked == set(MAIN_ACTS)


def check_main_act(page: Page, wanted: str | None, case: object) -> None:
    found = page.main_form
    assert found == wanted or (wanted == "deliver-" and str(found).startswith(wanted)), case
    if found:
        assert found in page.ids, case
    loud = [
        one for one in page.buttons
        if str(one.get("class")).split()[:1] == ["btn"]
        and not set(str(one.get("class")).split()) & {"quiet", "danger", "main-act"}
    ]  # fmt: skip
    assert all("only-wide" in str(one.get("class")) for one in loud), case
    assert len(loud) == (1 if found else 0), case


def test_refused_form_stands_once_more_with_its_own_words(
    scene: Scene, client: FlaskClient
) -> None:
    public_id = delivering(scene)
    first, second = scene.match(public_id).commitments
    scene.cast.sign_in(client, scene.cast.officer)
    answer = client.post(
        f"/matches/{public_id}/delivery", data={"commitment": second.public_id, "amount": "九百"}
    )
    page = Page(answer.text)
    assert answer.status_code == 422
    assert page.text.count('value="九百"') == 1
    assert f'id="delivery-{second.public_id}-amount"' in page.text
    assert f'id="delivery-{first.public_id}-amount"' in page.text
    assert "超过了约定还没交付的数量" in page.text


def test_claimed_pair_can_be_judged(scene: Scene, client: FlaskClient) -> None:
    page = look(scene, client, scene.cast.broker, scene.claimed())
    for side in Side:
        assert f"/listings/{scene.listing(side).public_id}" in page.text
    assert "放回，让别人来接" in page.text
    assert "收回牵线" not in page.text
    assert '<li class="now" aria-current="step">提出</li>' in page.text


def test_pair_is_put_down_not_taken_back(scene: Scene, client: FlaskClient) -> None:
    public_id = scene.claimed()
    scene.cast.sign_in(client, scene.cast.broker)
    answer = client.post(
        f"/matches/{public_id}/withdraw", data={"reason": "other"}, follow_redirects=True
    )
    assert "这一对放下了" in answer.text
    assert "已放下" in answer.text
    assert "收回" not in answer.text


def test_need_says_what_is_missing_and_at_nothing_that_it_is_enough(
    scene: Scene, client: FlaskClient
) -> None:
    public_id, _ = scene.agreed(taken=40_000, covers=40_000)
    page = look(scene, client, scene.cast.officer, public_id).text
    assert "还差 60 台" in page
    with scene.act(scene.cast.broker) as act:
        fulfilling.commit(act, public_id, 60_000, 60_000)
    page = look(scene, client, scene.cast.officer, public_id).text
    assert "已够" in page
    assert "已用完" in page
    assert "0 台" not in page.replace("60 台", "").replace("40 台", "")


def test_who_has_answered_or_confirmed_reads_for_whom_they_wait(
    scene: Scene, client: FlaskClient
) -> None:
    public_id = scene.proposed()
    scene.cast.sign_in(client, scene.cast.officer)
    said = client.post(
        f"/matches/{public_id}/answer",
        data={"side": "need", "accept": "yes"},
        follow_redirects=True,
    )
    assert said.text.count("等对方回音") == 2
    with scene.act(scene.cast.enterprise) as act:
        proposing.answer(act, public_id, Side.OFFER, accept=True)
    with scene.act(scene.cast.broker) as act:
        fulfilling.commit(act, public_id, 1_000, 1_000)
    done = client.post(
        f"/matches/{public_id}/outcome",
        data={"text": "用上了", "people": "3"},
        follow_redirects=True,
    )
    assert "成效记下了，等对方确认" in done.text
    assert "等双方确认" not in done.text


def test_ended_match_says_its_state_once_in_ochre(scene: Scene, client: FlaskClient) -> None:
    page = look(scene, client, scene.cast.officer, withdrawn(scene)).text
    assert '<span class="tag warn">已收回</span>' in page
    assert page.count("已收回") == 1
    assert "时间不合适" in page


def test_dismissed_pair_is_no_success(scene: Scene, client: FlaskClient) -> None:
    public_id = dismissed(scene)
    assert scene.match(public_id).state is MatchState.DISMISSED
    page = look(scene, client, scene.cast.broker, public_id).text
    assert '<span class="tag warn">不合适</span>' in page
    assert "太远" in page
    assert '<span class="tag warn">不合适</span>' in client.get("/matches?tab=ended").text


def test_no_without_a_reason_comes_back_beside_its_own_fields(
    scene: Scene, client: FlaskClient
) -> None:
    public_id = scene.proposed()
    scene.cast.sign_in(client, scene.cast.officer)
    answer = client.post(
        f"/matches/{public_id}/answer", data={"side": "need", "accept": "no", "note": "家里有事"}
    )
    assert answer.status_code == 422
    yes, no = answer.text.split('id="decline-need"')
    assert "家里有事" in no
    assert 'class="error-summary"' in no
    assert 'class="error-summary"' not in yes
    assert scene.match(public_id).state is MatchState.PROPOSED


def test_enter_in_the_fields_of_a_no_never_says_yes(scene: Scene, client: FlaskClient) -> None:
    text = look(scene, client, scene.cast.officer, scene.proposed()).text
    form = text.split('id="answer-need"')[1].split("</form>")[0]
    assert 'name="note"' not in form
    assert 'name="reason"' not in form


def test_what_waits_for_an_answer_stands_first_on_ones_own_page(
    scene: Scene, client: FlaskClient
) -> None:
    public_id = scene.proposed()
    scene.cast.sign_in(client, scene.cast.officer)
    page = client.get("/me").text
    assert 0 < page.index(f"/matches/{public_id}") < page.index("/my/listings")


def test_message_to_both_sides_begins_in_the_language_of_those_who_read_it(
    scene: Scene, client: FlaskClient
) -> None:
    cast = scene.cast
    public_id = scene.claimed()
    cast.session.get_one(Person, cast.broker.person_id).locale = "en"
    cast.session.commit()
    page = look(scene, client, cast.broker, public_id).text
    assert "What do you write to both sides?" in page
    assert "您好，我觉得" in page
    for who in (cast.officer, cast.enterprise):
        cast.session.get_one(Person, who.person_id).locale = "en"
        cast.session.commit()
        page = look(scene, client, cast.broker, public_id).text
        assert ("Hello, I think" in page) is (who is cast.enterprise)


def test_ended_proposal_waits_for_no_answer(scene: Scene, client: FlaskClient) -> None:
    cast = scene.cast
    public_id = scene.proposed()
    assert "还没回音" in look(scene, client, cast.officer, public_id).text
    with scene.act(cast.broker) as act:
        closing.withdraw(act, public_id, CloseReason.NO_ANSWER)
    page = look(scene, client, cast.officer, public_id).text
    assert "还没回音" not in page
    assert page.count("没有答复") == 2
