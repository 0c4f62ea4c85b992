"""The driver's webhook: signed payloads replayed byte for byte, and whatever else may come."""

from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.drivers.messenger.lines import line
from tests.drivers.messenger.payloads import EVERYTHING, dm, instagram, message, page
from tests.drivers.meta.signing import any_json, handshake, mangled, signed
from tests.drivers.peers.send_api import INSTAGRAM, PAGE

messenger = line()
TEXT = page(message("Ñandú 😀"))
WORDS = (
    "object entry messaging standby changes value id sender recipient timestamp message attachments payload "
    "reaction read delivery mids watermark postback referral"
).split()


def test_it_works() -> None:
    reply = messenger.hook(signed(TEXT))
    assert (reply.status, [m.text for m in reply.inbounds]) == (200, ["Ñandú 😀"])
    assert messenger.hook(handshake()).body == "1158201444"


def test_a_stranger_is_refused() -> None:
    assert messenger.hook(signed(TEXT, "other")).status == 401
    assert messenger.hook(handshake(token="other")).status == 403
    assert line(app_secret="", verify_token="").hook(signed(TEXT, "")).status == 401


def test_a_replay_brings_the_same_ids() -> None:
    first, again = (messenger.hook(signed(page(*EVERYTHING))) for _ in range(2))
    assert [m.external_id for m in first.inbounds] == [m.external_id for m in again.inbounds]


@given(st.binary() | any_json(WORDS, [PAGE, INSTAGRAM, "page", "instagram", "image"]))
def test_no_body_makes_it_raise(body: Any) -> None:
    assert messenger.hook(signed(body)).status in (200, 400)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=100)
@given(mangled(page(*EVERYTHING)) | mangled(instagram(dm("Hola", reply_to={"story": {"id": "1", "url": "https://x"}}))))
def test_a_real_body_with_one_odd_place_is_still_read_and_can_be_stored(body: Any) -> None:
    reply = messenger.hook(signed(body))
    assert reply.status == 200
    for each in (*reply.inbounds, *reply.statuses):
        assert msgspec.json.decode(msgspec.json.encode(each), type=type(each)) == each


@given(st.integers(min_value=0), st.integers(1, 255))
def test_altered_bytes_are_always_refused(place: int, by: int) -> None:
    request = signed(TEXT)
    altered = bytearray(request.body)
    altered[place % len(altered)] ^= by
    assert messenger.hook(msgspec.structs.replace(request, body=bytes(altered))).status == 401
