"""Programs put checks on record, and cannot ask both sides before."""

from exchange.kernel.act import House
from exchange.listings.kinds import Side
from tests.api.conftest import MakeProgram
from tests.cast import Cast
from tests.conftest import START
from tests.factories import make_listing

SEEN = {"kind": "no_record", "seen_on": START.date().isoformat(), "note": "两名老师"}


def test_a_check_comes_before_the_proposal(house: House, cast: Cast, program: MakeProgram) -> None:
    need = make_listing(house, cast.officer, Side.NEED, category_code="services.children")
    offer = make_listing(house, cast.enterprise, Side.OFFER, category_code="volunteers.longterm")
    broker = program(cast.broker)
    pair = {"need": need.public_id, "offer": offer.public_id}
    told = broker.post("/matches", pair).get_json()
    path = f"/matches/{told['id']}"
    assert told["safeguard"] == {"verified": True, "check": None}
    assert "check" in told["may"]
    answer = broker.post(f"{path}/propose", {"message": "请看看"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "safeguard_not_checked")
    wrong = broker.post(f"{path}/check", SEEN | {"seen_on": "2031-01-01"})
    assert wrong.status_code == 422, wrong.get_json()
    told = broker.post(f"{path}/check", SEEN).get_json()
    assert told["safeguard"]["check"] == SEEN
    assert broker.post(f"{path}/propose", {"message": "请看看"}).status_code == 200
    assert program(cast.officer).get(path).get_json()["safeguard"] is None
