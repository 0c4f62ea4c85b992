"""Meta's handshake and signature: pure, never raising, refusing what is altered."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import HookReply, HookRequest, Inbound
from drivers.meta import hooks
from tests.drivers.meta.signing import AT, SECRET, VERIFY, handshake, signed

BODY = '{"entry": [{"text": "Ñandú 😀 \\ud83d\\ude00"}]}'.encode()
seen: list[Any] = []


def keep(value: Any, at: datetime) -> HookReply:
    seen.append((value, at))
    return HookReply(inbounds=(Inbound(external_id="1", channel="x"),))


def answer(request: HookRequest, secret: str = SECRET, verify: str = VERIFY) -> HookReply:
    return hooks.answer(request, secret, verify, keep)


def test_it_works() -> None:
    assert answer(signed(BODY)).status == 200
    assert seen.pop() == ({"entry": [{"text": "Ñandú 😀 😀"}]}, AT)


def test_the_handshake_echoes_the_challenge_as_plain_text() -> None:
    reply = answer(handshake())
    assert (reply.status, reply.body, reply.media_type) == (200, "1158201444", "text/plain")


@pytest.mark.parametrize(
    "knock", [handshake(token="other"), handshake(token=""), handshake(mode="unsubscribe"), HookRequest(method="GET")]
)
def test_a_stranger_gets_no_echo(knock: HookRequest) -> None:
    assert (answer(knock).status, answer(knock).body) == (403, "bad verify token")


def test_without_a_word_or_a_secret_nothing_is_believed() -> None:
    assert answer(handshake(token=""), verify="").status == 403
    assert answer(signed(BODY, ""), secret="").status == 401


def test_the_signature_is_over_the_bytes_as_they_came() -> None:
    escaped = b'{"text": "\\u00d1 \\/ \\ud83d\\ude00"}'
    assert answer(signed(escaped)).status == 200
    assert seen.pop()[0] == {"text": "Ñ / 😀"}


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_one_altered_byte_is_refused(place: int, by: int) -> None:
    altered = bytearray(BODY)
    altered[place] ^= by
    request = HookRequest(method="POST", body=bytes(altered), headers=signed(BODY).headers)
    assert answer(request) == HookReply(status=401, body="bad signature")


@given(st.text())
def test_no_signature_makes_it_raise(signature: str) -> None:
    request = HookRequest(method="POST", body=BODY, headers={"x-hub-signature-256": signature})
    assert answer(request).status == 401


def test_the_old_signature_alone_is_not_enough() -> None:
    request = HookRequest(method="POST", body=BODY, headers={"x-hub-signature": "sha1=00"})
    assert answer(request).status == 401


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"{", b"[" * 100_000, b"1" * 5000, b'"\\x"', b"nope", b"NaN"])
def test_what_is_signed_and_no_json_is_refused_in_peace(body: bytes) -> None:
    assert answer(signed(body)).status == 400


def test_half_an_emoji_does_not_lose_the_message() -> None:
    assert hooks.decode(b'{"a\\ud83d": ["x\\udc00y", 1]}') == {"a?": ["x?y", 1]}


def test_a_number_beyond_all_bounds_does_not_either() -> None:
    assert hooks.decode(b'{"a": 1e400, "b": 2.5}') == {"a": None, "b": 2.5}


def test_other_methods_are_not_for_us() -> None:
    assert answer(HookRequest(method="PUT", body=BODY)).status == 405
