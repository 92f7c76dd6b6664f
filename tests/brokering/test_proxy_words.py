"""A proxy who leaves out how the person agreed is asked for it in the form that they filled in."""

import pytest
from flask.testing import FlaskClient

from exchange.brokering.deeds import fulfilling
from exchange.brokering.deeds.delivering import deliveries_of
from exchange.brokering.kinds import Answer, MatchState
from exchange.listings.kinds import Side
from tests.brokering.conftest import Scene

ASKED = "请选对方是怎样同意的。"


def form_called(page: str, form_id: str) -> str:
    return page.split(f'id="{form_id}"')[1].split("</form>", maxsplit=1)[0]


def fold_before(page: str, form_id: str) -> str:
    """The tag of the fold in which the form stands."""
    return page.split(f'id="{form_id}"', maxsplit=1)[0].rpartition("<details")[2].partition(">")[0]


def send(scene: Scene, client: FlaskClient, path: str, form_id: str, **sent: str) -> str:
    """What the worker's form shows after it was refused; the page is that of the match."""
    scene.cast.sign_in(client, scene.cast.broker)
    refused = client.post(path, data={"consent": "", "consent_note": "", **sent})
    assert refused.status_code == 422
    assert "open" in fold_before(refused.text, form_id)
    return form_called(refused.text, form_id)


def test_an_answer_without_consent_keeps_what_was_typed(scene: Scene, client: FlaskClient) -> None:
    public_id = scene.proposed()
    path = f"/matches/{public_id}/answer"
    form = send(
        scene, client, path, "proxy-need", side="need", accept="yes", consent_note="韦主任说可以"
    )
    assert ASKED in form
    assert 'value="韦主任说可以"' in form
    assert 'value="yes" checked' in form
    assert scene.match(public_id).side(Side.NEED).answer is Answer.PENDING
    sent = {"side": "need", "accept": "yes", "consent": "phone", "consent_note": "韦主任说可以"}
    assert client.post(path, data=sent).status_code == 302
    assert scene.match(public_id).side(Side.NEED).answer is Answer.ACCEPTED


def test_all_that_is_missing_is_named_at_once(scene: Scene, client: FlaskClient) -> None:
    path = f"/matches/{scene.proposed()}/answer"
    bare = send(scene, client, path, "proxy-need", side="need")
    summary = bare.split("</ul>")[0]
    assert ASKED in summary
    fields = [line.partition('"')[0] for line in summary.split("#answer-need-")[1:]]
    assert fields == ["consent", "consent_note", "accept"], "in the order of the form"
    assert "可不填" not in bare.split("怎么说的？")[-1].split("</label>")[0]
    no = send(scene, client, path, "proxy-need", side="need", accept="no").split("</ul>")[0]
    assert ASKED in no
    assert "请选一个不合适的原因。" in no


def test_who_turns_out_to_be_a_proxy_reads_the_match_and_no_locked_door(
    scene: Scene, client: FlaskClient
) -> None:
    public_id = scene.proposed()
    scene.cast.sign_in(client, scene.cast.broker)
    sent = {"side": "need", "accept": "yes"}
    refused = client.post(f"/matches/{public_id}/answer", data=sent)
    assert refused.status_code == 422
    assert "error-summary" in form_called(refused.text, "proxy-need")
    sent["side"] = "offer"
    assert client.post(f"/matches/{public_id}/answer", data=sent).status_code == 403


@pytest.mark.parametrize("deed", ["confirm", "dispute"])
def test_a_word_on_a_delivery_without_consent_is_asked_for(
    scene: Scene, client: FlaskClient, deed: str
) -> None:
    match, commitment = scene.agreed()
    with scene.act(scene.cast.enterprise) as act:
        fulfilling.record_delivery(act, match, commitment, 10_000)
    key = deliveries_of(scene.cast.session, scene.match(match).id)[0].public_id
    scene.cast.session.rollback()
    form_id = f"{'proxy-arrived' if deed == 'confirm' else 'dispute'}-{key}-need"
    path = f"/matches/{match}/deliveries/{deed}"
    form = send(
        scene, client, path, form_id, side="need", delivery=key, note="少了两台",
        consent_note="老韦电话里说的",
    )  # fmt: skip
    assert ASKED in form
    assert "老韦电话里说的" in form
    assert ("少了两台" in form) == (deed == "dispute")


def test_an_outcome_is_not_confirmed_without_consent(scene: Scene, client: FlaskClient) -> None:
    match, commitment = scene.agreed()
    with scene.act(scene.cast.enterprise) as act:
        fulfilling.record_delivery(act, match, commitment, 10_000)
        fulfilling.record_outcome(act, match, "用上了", 30, 10_000)
    form = send(
        scene, client, f"/matches/{match}/confirm", "proxy-confirm-need", side="need",
        version=str(scene.version(match)),
    )  # fmt: skip
    assert ASKED in form
    assert scene.match(match).state is MatchState.DELIVERING
