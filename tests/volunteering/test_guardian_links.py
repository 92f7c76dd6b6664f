"""Who sees a consent, and the guardian who answers by the link in a message."""

import io
from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.files.models import StoredFile
from exchange.volunteering.safeguarding.consent_service import ConsentValues, record_consent
from exchange.volunteering.safeguarding.kinds import ConsentWay
from exchange.volunteering.safeguarding.models import (
    GuardianConsent,
)
from exchange.volunteering.safeguarding.sealing import Guardian
from tests.projects.news_scene import camera_picture
from tests.volunteering.conftest import SATURDAY, Group
from tests.volunteering.safeguarding_scene import (
    GONE,
    IN,
    MINOR,
    MOTHER,
    Clock,
    RunJobs,
    SignIn,
    consents,
    link_of,
    refused,
    young,
)


def test_a_guardian_answers_by_the_link_and_takes_it_back_by_the_same(
    group: Group, client: FlaskClient, run_jobs: RunJobs
) -> None:
    _activity, (shift,) = group.run(**MINOR)
    who = young(group)
    consents(group, who, way=ConsentWay.LINK)
    assert refused(group, who, shift) == "consent_missing"
    opened = client.get(link_of(group, run_jobs), follow_redirects=True)
    path = opened.request.path
    assert path.startswith("/g/")
    assert "小雨" in opened.text
    assert refused(group, who, shift) == "consent_missing"  # opening writes nothing
    assert client.post(path, data={"answer": "perhaps"}).status_code == 422
    agreed = client.post(path, data={"answer": "yes"}, follow_redirects=True)
    assert agreed.status_code == 200
    assert group.joins(who, shift) is IN
    assert "guardian_agreed" in group.told(group.leader)
    assert client.post(path, data={"answer": "no"}).status_code == 409
    client.post(path, data={"answer": "withdraw"})
    assert group.state(who, shift) is GONE
    assert {"guardian_withdrew_volunteer", "places_without_consent"} <= set(group.told(who))
    consent = group.session.scalars(sa.select(GuardianConsent)).one()
    assert consent.link_sealed is None
    assert client.get("/g/nothing").status_code == 404


def test_a_guardian_who_says_no_is_heard_and_a_link_dies_after_two_weeks(
    group: Group, client: FlaskClient, after: Clock, run_jobs: RunJobs
) -> None:
    who = young(group)
    consents(group, who, way=ConsentWay.LINK)
    path = client.get(link_of(group, run_jobs), follow_redirects=True).request.path
    client.post(path, data={"answer": "no"})
    assert "guardian_refused" in group.told(group.leader)
    second = young(group, "小雪")
    with group.act_as(group.leader.actor) as act:
        values = ConsentValues(ConsentWay.LINK, Guardian("外婆", "13800004321"))
        record_consent(act, group.leader.organisation, second.person, values)
    last = client.get(link_of(group, run_jobs), follow_redirects=True)
    after(SATURDAY + timedelta(days=15))
    late = client.post(last.request.path, data={"answer": "yes"})
    assert late.status_code == 409


def test_strangers_see_no_consent_and_looks_are_on_record(
    group: Group, signed_in: SignIn
) -> None:
    who = young(group)
    key = consents(group, who)
    owner = group.leader.organisation.public_id
    pages = (f"/consents/{key}", f"/organisations/{owner}/safeguarding")
    client = signed_in(group.cast.stranger)
    for page in pages:
        assert client.get(page).status_code == 404
    assert client.post(f"/consents/{key}/guardian").status_code == 404
    assert client.post(f"/consents/{key}/withdraw").status_code == 404
    signed_in(who)
    assert client.get(f"/consents/{key}").status_code == 200
    assert client.post(f"/consents/{key}/guardian").status_code == 404
    signed_in(group.leader)
    assert MOTHER.name not in client.get(f"/consents/{key}").text
    shown = client.post(f"/consents/{key}/guardian").text
    assert MOTHER.name in shown
    assert MOTHER.reach in shown


def test_the_photo_of_a_signed_form_is_seen_only_by_those_who_keep_it(
    group: Group, signed_in: SignIn
) -> None:
    _activity, (shift,) = group.run(**MINOR)
    who = young(group)
    group.says_no(who, shift)
    client = signed_in(group.leader)
    owner = group.leader.organisation.public_id
    path = f"/organisations/{owner}/safeguarding/consents/{who.person.public_id}"
    data: dict[str, object] = {
        "way": "photo", "guardian_name": MOTHER.name, "guardian_reach": MOTHER.reach,
        "consent_on": "2026-11-21",
    }  # fmt: skip
    bare = client.post(path, data=data)
    assert bare.status_code == 422
    assert "add a photo" in bare.text
    photo = (io.BytesIO(camera_picture()), "a.jpg")
    client.post(path, data={**data, "photos": photo}, content_type="multipart/form-data")
    group.session.rollback()
    file = group.session.scalars(sa.select(StoredFile)).one().public_id
    assert client.get(f"/files/{file}/full").status_code == 200
    for other in (group.cast.stranger, who):
        signed_in(other)
        assert client.get(f"/files/{file}/full").status_code == 404
