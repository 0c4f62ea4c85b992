"""Webhooks of the phone: only what its key signed, and only now."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from drivers.contract import HookRequest
from drivers.smsgate.driver import DRIVER
from drivers.smsgate.settings import SmsgateSettings
from tests.drivers.peers.smsgate import KEY, envelope, knock
from tests.drivers.smsgate.test_events import RECEIVED

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)
BODY = envelope("sms:received", RECEIVED)


def fresh() -> DRIVER:
    return DRIVER(SmsgateSettings(signing_key=KEY, base_url="http://127.0.0.1:1"))


def test_it_works() -> None:
    reply = fresh().hook(knock(BODY, AT))
    assert (reply.status, len(reply.inbounds)) == (200, 1)


def test_the_signature_is_that_of_a_known_phone() -> None:
    """Made once by hand: printf '%s' '{"a":1}1790000000' | openssl dgst -sha256 -hmac firma"""
    signature = "db6ce64adc2dfb89651de54fa2c868fe6ffc18940d32e2f53ef4251ec6f27305"
    request = HookRequest(
        method="POST", body=b'{"a":1}', received_at=datetime.fromtimestamp(1_790_000_000, UTC),
        headers={"x-timestamp": "1790000000", "x-signature": signature},
    )  # fmt: skip
    assert DRIVER(SmsgateSettings(signing_key="firma")).hook(request).status == 200


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_one_altered_byte_is_refused(place: int, by: int) -> None:
    altered = bytearray(BODY)
    altered[place] ^= by
    request = structs.replace(knock(BODY, AT), body=bytes(altered))
    assert fresh().hook(request).status == 403


@given(st.text(), st.text())
def test_no_header_makes_it_raise(signature: str, stamp: str) -> None:
    request = HookRequest(method="POST", body=BODY, headers={"x-signature": signature, "x-timestamp": stamp})
    assert fresh().hook(request).status == 403


@given(st.integers(-10_000_000, 10_000_000))
def test_only_what_is_of_now_is_taken(seconds: int) -> None:
    """Signed well, `seconds` ago by the phone's clock."""
    request = structs.replace(knock(BODY, AT), received_at=AT + timedelta(seconds=seconds))
    assert fresh().hook(request).status == (200 if abs(seconds) <= 300 else 403)


def test_a_stamp_cannot_be_renewed_without_the_key() -> None:
    request = knock(BODY, AT)
    renewed = structs.replace(request, headers={**request.headers, "x-timestamp": str(int(AT.timestamp()) + 1)})
    assert fresh().hook(renewed).status == 403


@pytest.mark.parametrize("key", ["", "otra"])
def test_without_the_key_nothing_is_believed(key: str) -> None:
    line = DRIVER(SmsgateSettings(signing_key=key))
    assert line.hook(knock(BODY, AT, "")).status == 403
    assert line.hook(HookRequest(method="GET")).status == 403


@given(st.binary().filter(lambda body: _is_text(body)))
def test_no_signed_body_makes_it_raise(body: bytes) -> None:
    assert fresh().hook(knock(body, AT)).status in (200, 400)


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
