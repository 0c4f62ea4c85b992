"""What the app tells: every event is read, an unknown one is harmless, nothing makes the reader raise."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import Inbound, Party, Status
from drivers.loose import decode
from drivers.smsgate.events import BINARY, CIPHERED, MMS_WAITS, WANTED, of_inbox, read
from tests.drivers.peers.smsgate import envelope

AT = datetime(2026, 11, 21, 14, 30, 5, tzinfo=UTC)
SAID = "2026-11-21T08:30:05.000-06:00"
RECEIVED = {
    "messageId": "ffed2979", "sender": "+50680000001", "recipient": "+50640000001", "simNumber": 1,
    "phoneNumber": "+50680000001", "message": "¡Buenas! ¿Abren hoy? 😀", "receivedAt": SAID,
}  # fmt: skip
SENT = {"messageId": "k1", "sender": None, "recipient": "+50680000001", "simNumber": None,
        "phoneNumber": "+50680000001"}  # fmt: skip


def told(event: str, payload: Any) -> Any:
    return read(decode(envelope(event, payload)))


def arrived(event: str, **more: Any) -> Inbound:
    (inbound,) = told(event, RECEIVED | more).inbounds
    return inbound


def news(event: str, **more: Any) -> Status:
    (status,) = told(event, SENT | more).statuses
    return status


def test_it_works() -> None:
    got = arrived("sms:received")
    assert (got.channel, got.kind, got.text, got.sent_at) == ("sms", "message", "¡Buenas! ¿Abren hoy? 😀", AT)
    assert (got.sender, got.to) == (Party(address="+50680000001"), (Party(address="+50640000001"),))


def test_the_same_message_by_webhook_and_by_inbox_is_one() -> None:
    row = {
        "id": f"text:{0xffed2979 - 2**32}", "type": "SMS", "sender": "+50680000001", "recipient": None,
        "simNumber": 1, "contentPreview": RECEIVED["message"], "createdAt": "2026-11-21T14:30:05.000Z",
    }  # fmt: skip
    again = of_inbox(row)
    assert again
    assert again.external_id == arrived("sms:received").external_id
    assert again.text == arrived("sms:received").text


def test_two_messages_that_share_a_hash_are_two() -> None:
    later = arrived("sms:received", receivedAt="2026-11-21T08:30:06.000-06:00")
    assert later.external_id != arrived("sms:received").external_id


@pytest.mark.parametrize("sender", ["Banco", "8888", "+50680000001"])
def test_senders_are_words_and_short_codes_too(sender: str) -> None:
    got = arrived("sms:received", sender=sender, simNumber=None, recipient=None)
    assert (got.sender, got.to) == (Party(address=sender), ())


def test_an_old_app_names_people_otherwise() -> None:
    payload = {"messageId": "1", "phoneNumber": "+50680000001", "message": "x", "receivedAt": SAID}
    (got,) = told("sms:received", payload).inbounds
    assert got.sender == Party(address="+50680000001")


@pytest.mark.parametrize(
    ("event", "more", "state", "code"),
    [
        ("sms:sent", {"sentAt": SAID, "partsCount": 2}, "sent", ""),
        ("sms:delivered", {"deliveredAt": SAID}, "delivered", ""),
        ("sms:cancelled", {"cancelledAt": SAID}, "failed", "cancelled"),
        ("sms:failed", {"failedAt": SAID, "reason": "Send result: RESULT_ERROR_NO_SERVICE (Failed)"}, "failed",
         "no_service"),
        ("sms:failed", {"failedAt": SAID, "reason": "TTL expired"}, "failed", "expired"),
        ("sms:failed", {"failedAt": SAID, "reason": "sendSMS: SIM 3 not found"}, "failed", "no_sim"),
        ("sms:failed", {"failedAt": SAID, "reason": "algo nuevo"}, "failed", "failed"),
        ("sms:failed", {"failedAt": SAID}, "failed", "failed"),
    ],
)  # fmt: skip
def test_news_of_each_recipient(event: str, more: dict[str, Any], state: str, code: str) -> None:
    got = news(event, **more)
    assert (got.state, got.external_id, got.address, got.at, got.code) == (state, "k1", "+50680000001", AT, code)
    assert got.key == "k1", "news may come before the receipt"
    assert bool(got.sentence) is (state == "failed")


def test_binary_and_multimedia() -> None:
    data = arrived("sms:data-received", data=base64.b64encode(b"\x00\xff").decode())
    assert (data.attachments[0].content, data.note) == (b"\x00\xff", BINARY)
    files = [
        {"partId": 1, "contentType": "application/smil", "name": "l.smil", "data": "PHNtaWw+"},
        {"partId": 2, "contentType": "image/jpeg", "name": None, "size": 2, "data": base64.b64encode(b"jj").decode()},
        {"partId": 3, "contentType": "image/png", "data": "no es base64"},
    ]
    got = arrived("mms:downloaded", body="Vea la foto", subject="Foto", attachments=files)
    assert (got.text, got.subject) == ("Vea la foto", "Foto")
    assert [(f.media_type, f.content, f.name) for f in got.attachments] == [("image/jpeg", b"jj", "mms-2")]
    waiting = arrived("mms:received", transactionId="t", size=9, contentClass="x")
    assert (waiting.kind, waiting.note) == ("event", MMS_WAITS)


def test_encryption_that_was_left_on_is_named() -> None:
    got = arrived("sms:received", message="$aes-256-cbc/pbkdf2-sha1$i=75000$c2FsdA==$Y2lwaGVy")
    assert got.note == CIPHERED


def test_batches_are_many() -> None:
    batch = {"messages": [RECEIVED, RECEIVED | {"messageId": "2"}, {"nada": 1}, 7]}
    got = told("sms:batch:received", batch).inbounds
    assert [i.external_id.partition("@")[0] for i in got] == ["ffed2979", "2"]


def test_a_start_is_an_event_and_a_ping_is_nothing() -> None:
    started = told("app:started", {"simCards": []})
    assert (started.started, started.inbounds[0].kind, started.inbounds[0].automatic) == (True, "event", True)
    ping = told("system:ping", {"health": {"status": "pass"}})
    assert (ping.started, ping.inbounds, ping.statuses) == (False, (), ())


@pytest.mark.parametrize("event", ["sms:teleported", "", "call:received", "sms:batch:nada"])
def test_unknown_events_are_harmless(event: str) -> None:
    got = told(event, RECEIVED)
    assert (got.inbounds, got.statuses, got.started) == ((), (), False)


NAMES = st.sampled_from(
    "id event payload messageId sender recipient phoneNumber message receivedAt sentAt reason data attachments partId "
    "contentType name messages simNumber type contentPreview createdAt".split()
)
WORDS = st.sampled_from([*WANTED, "sms:batch:received", "SMS", "text:-5", SAID, "999999-99-99T00:00:00Z"])
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=8),
    max_leaves=30,
)


@given(ANY)
def test_no_json_makes_it_raise(value: Any) -> None:
    read(value)
    if isinstance(value, dict):
        of_inbox(value)


@given(st.sampled_from([*WANTED, "sms:batch:received"]), st.dictionaries(NAMES, ANY))
def test_no_payload_makes_it_raise(event: str, twisted: Any) -> None:
    read(json.loads(json.dumps({"event": event, "id": "x", "payload": RECEIVED | SENT | twisted})))


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(body: bytes) -> None:
    read(decode(body))
