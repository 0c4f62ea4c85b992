"""The driver's webhook: signed payloads replayed byte for byte, and whatever else may come."""

import json
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.drivers.meta.signing import SECRET, any_json, handshake, mangled, signed
from tests.drivers.peers.cloud_api import ACCOUNT, NUMBER
from tests.drivers.whatsapp.lines import line
from tests.drivers.whatsapp.payloads import CARD, KINDS, TEXT, body, change, echo, status

whatsapp = line()
WORDS = (
    "entry changes value metadata phone_number_id messages statuses type text id from contacts message_echoes "
    "interactive errors timestamp calls field edit"
).split()
EVERYTHING = body(
    change({"contacts": [CARD], "messages": list(KINDS.values())}),
    change({"statuses": [status("failed", errors=[{"code": 131026}], pricing={"category": "utility"})]}),
    change({"calls": [{"id": "c", "event": "terminate"}], "user_preferences": [{"wa_id": "1"}]}, "calls"),
    echo("image", {"id": "7", "mime_type": "image/png"})["entry"][0]["changes"][0],
)


def test_it_works() -> None:
    reply = whatsapp.hook(signed(TEXT))
    assert (reply.status, [m.text for m in reply.inbounds]) == (200, ["¿Tienen cemento? 😀"])
    assert whatsapp.hook(handshake()).body == "1158201444"


def test_a_payload_is_read_byte_for_byte_as_it_was_signed() -> None:
    plain, escaped = json.dumps(TEXT, ensure_ascii=False).encode(), json.dumps(TEXT).encode()
    assert plain != escaped
    assert whatsapp.hook(signed(plain)).inbounds == whatsapp.hook(signed(escaped)).inbounds
    swapped = signed(plain).headers
    assert whatsapp.hook(msgspec.structs.replace(signed(escaped), headers=swapped)).status == 401


def test_a_replay_brings_the_same_ids() -> None:
    first, again = (whatsapp.hook(signed(EVERYTHING)) for _ in range(2))
    assert [m.external_id for m in first.inbounds] == [m.external_id for m in again.inbounds]
    assert len(first.inbounds) >= len(KINDS)


def test_another_secret_is_not_ours() -> None:
    assert whatsapp.hook(signed(TEXT, "other")).status == 401
    assert line(app_secret="").hook(signed(TEXT, "")).status == 401


@given(st.binary() | any_json(WORDS, [NUMBER, ACCOUNT, "messages", "text"]))
def test_no_body_makes_it_raise(body: Any) -> None:
    assert whatsapp.hook(signed(body)).status in (200, 400)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=100)
@given(mangled(EVERYTHING))
def test_a_real_body_with_one_odd_place_is_still_read_and_can_be_stored(body: Any) -> None:
    reply = whatsapp.hook(signed(body))
    assert reply.status == 200
    for each in (*reply.inbounds, *reply.statuses):
        assert msgspec.json.decode(msgspec.json.encode(each), type=type(each)) == each


@given(st.integers(min_value=0), st.integers(1, 255))
def test_altered_bytes_are_always_refused(place: int, by: int) -> None:
    request = signed(TEXT, SECRET)
    altered = bytearray(request.body)
    altered[place % len(altered)] ^= by
    assert whatsapp.hook(msgspec.structs.replace(request, body=bytes(altered))).status == 401
