"""Webhooks of a bot: who does not know the secret is refused, whatever the body says."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import HookRequest
from drivers.telegram.driver import DRIVER
from drivers.telegram.hook import HEADER, SECRET, secret
from drivers.telegram.settings import TelegramSettings
from tests.drivers.peers.telegram import TOKEN
from tests.drivers.telegram import updates

SETTINGS = TelegramSettings(token=TOKEN, mode="webhook")
KNOWN = secret(SETTINGS)
BODY = json.dumps(updates.update(text="Ñandú 😀")).encode()


@pytest.fixture
def bot() -> DRIVER:
    return DRIVER(SETTINGS)


def post(body: bytes = BODY, said: str = KNOWN, method: str = "POST") -> HookRequest:
    return HookRequest(method=method, body=body, headers={HEADER: said})


def test_it_works(bot: DRIVER) -> None:
    reply = bot.hook(post())
    assert (reply.status, reply.body) == (200, "")
    assert [(i.external_id, i.text) for i in reply.inbounds] == [("5001:7", "Ñandú 😀")]


def test_the_answer_to_a_button_is_the_answer_to_the_webhook(bot: DRIVER) -> None:
    reply = bot.hook(post(json.dumps(updates.callback()).encode()))
    assert json.loads(reply.body) == {"method": "answerCallbackQuery", "callback_query_id": "cb1"}
    assert (reply.media_type, reply.inbounds[0].payload) == ("application/json", "si")


def test_the_secret_is_of_telegrams_alphabet_and_is_not_the_token() -> None:
    assert SECRET.fullmatch(KNOWN)
    assert TOKEN not in KNOWN
    assert secret(TelegramSettings(token=TOKEN, secret="la-mia")) == "la-mia"
    assert secret(TelegramSettings(token="1:otro")) != KNOWN


@given(st.text())
def test_no_other_secret_is_taken(said: str) -> None:
    reply = DRIVER(SETTINGS).hook(post(said=said))
    assert reply.status == (200 if said == KNOWN else 403)
    assert bool(reply.inbounds) is (said == KNOWN)


def test_a_missing_header_and_another_method_are_refused(bot: DRIVER) -> None:
    assert bot.hook(HookRequest(method="POST", body=BODY)).status == 403
    assert bot.hook(post(method="GET")).status == 405


@given(st.binary() | st.sampled_from([b"[]", b"null", b'{"update_id":1}', b"[" * 100_000]))
def test_no_body_makes_it_raise(body: bytes) -> None:
    reply = DRIVER(SETTINGS).hook(post(body))
    assert reply.status in (200, 400)
    assert reply.inbounds == ()
