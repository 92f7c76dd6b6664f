"""What goes out names nothing and nobody, whatever a notice is about."""

import json
from dataclasses import asdict
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from exchange.notifications.kinds import Channel, Kind, Rhythm
from exchange.notifications.letters import Line, mail_letter, one_sentence, sms_letter
from exchange.notifications.standing_notices import STANDING_NOTICES
from exchange.notifications.words import GENERAL, OUTWARD, SENTENCES, outward_of, words_of
from tests.notifications.conftest import Post

HOSTILE = "王小明（9岁）13812345678，残疾儿童，住朵贝村三组"
BASE = "https://qx.puding.example.gov"  # 29 signs; docs/operations.md says what fits
SECRETS = ("王小明", "13812345678", "残疾", "朵贝村")


class Anything(dict[str, Any]):
    """A value for every parameter that a sentence may have."""

    def __missing__(self, key: str) -> str:
        return f"{key} {HOSTILE}"


def every_code() -> list[str]:
    return sorted(SENTENCES)


def test_every_code_says_what_of_it_leaves_the_site(app: Flask) -> None:
    """A code that its room has not declared gets a general sentence; those here all are."""
    assert set(OUTWARD) <= set(SENTENCES)
    assert len(OUTWARD) > 40
    for code in every_code():
        outward = outward_of(code)
        assert outward.kind in Kind
        assert "%(" not in str(outward.sentence)


@pytest.mark.parametrize("code", ["listing_frozen", "match_odd", "something_else", "search_x"])
def test_a_code_that_nobody_has_declared_still_names_nothing(app: Flask, code: str) -> None:
    with app.app_context(), force_locale("zh"):
        said = one_sentence([Line(code, BASE)], "zh")
        assert said in {str(general) for general in GENERAL.values()}


def test_no_code_lets_a_parameter_out(post: Post) -> None:
    """Each code goes through the whole way, with the worst that could stand in a notice."""
    who = post.give(post.cast.officer, mail=True, wechat=True)
    every = {(kind, channel): Rhythm.AT_ONCE for kind in Kind for channel in Channel}
    post.choose(who, every)
    codes = every_code()
    for number, code in enumerate(codes):
        with post.cast.app.test_request_context():
            sentence = words_of(code, _params(code))
        assert ("王小明" in sentence) is ("%(" in str(SENTENCES[code]))  # the app may say it
        post.tell(who, code, path=f"/x/{number}", out=f"/a/{number}", **_params(code))
    for _ in codes:
        if not post.run_jobs():
            break
    gone = [
        json.dumps(asdict(message) | {"to": ""}, ensure_ascii=False)
        for box in post.boxes.values()
        for message in box.sent
    ]
    assert len(post.texts(Channel.SMS)) == len(codes)
    assert len(post.boxes[Channel.WECHAT].sent) == len(codes)
    assert not [text for text in gone for secret in SECRETS if secret in text]


def _params(code: str) -> dict[str, Any]:
    """What the sentence of a code asks for."""
    asked = Anything()
    found: dict[str, Any] = {}

    class Recorder(dict[str, Any]):
        def __missing__(self, key: str) -> str:
            found[key] = asked[key]
            return ""

    text = str(SENTENCES[code])
    if "%(" in text:
        text % Recorder()
    return found


def test_every_short_message_is_one(app: Flask) -> None:
    address = f"{BASE}/s/abcdefghjkm"
    with app.app_context():
        for code in every_code():
            for locale, most in (("zh", 70), ("en", 160)):
                letter = sms_letter([Line(code, address)], address, locale, "牵线")
                assert len(letter.text) + len("【牵线】") <= most, letter.text
                assert letter.text.endswith(address)
                assert letter.sentence == one_sentence([Line(code, address)], locale), code


def test_a_long_address_leaves_room_for_less(app: Flask) -> None:
    address = "https://" + "a" * 26 + ".example/s/abcdefghjkm"
    with app.app_context():
        letter = sms_letter([Line("match_proposed_to_need", address)], address, "zh", "牵线")
        longer = sms_letter([Line("match_proposed_to_need", "")], "https://" + "a" * 70, "zh", "x")
    assert letter.text == f"您有新消息。点开看：{address}"
    assert longer.text == "https://" + "a" * 70


def test_a_digest_by_mail_names_nothing_either(app: Flask) -> None:
    with app.app_context():
        letter = mail_letter([Line(code, f"{BASE}/x") for code in every_code()], "zh")
    assert letter.text.count(BASE) == len(every_code())
    assert "%(" not in letter.text


def test_news_of_standing_says_of_which_kind_it_is() -> None:
    """What an organisation has added is work of the station; the rest concerns its managers."""
    assert outward_of("verification_answered").kind is Kind.STATION
    for code in STANDING_NOTICES:
        assert code in OUTWARD
    assert outward_of("organisation_suspended").kind is Kind.ANSWERS
    assert outward_of("closing_asked").kind is Kind.SECURITY
