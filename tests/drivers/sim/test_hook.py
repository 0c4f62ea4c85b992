"""Webhooks of the simulated line: pure, never raising, refusing what is altered."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import HookRequest
from drivers.sim.driver import DRIVER
from drivers.sim.hook import sign
from drivers.sim.settings import SimSettings

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)
STAMP = str(int(AT.timestamp()))
sim = DRIVER(SimSettings(key="clave"))
BODY = json.dumps(
    {
        "messages": [{"id": "m1", "sender": "+50680000001", "text": "Ñandú 😀"}],
        "statuses": [{"id": "o1", "state": "read"}, {"id": "o2", "state": "teleported"}],
    },
).encode()
WORDS = st.sampled_from(["messages", "statuses", "id", "sender", "state"])
any_json = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner),
)


def post(body: bytes, signature: str | None = None, at: datetime = AT, stamp: str = STAMP) -> HookRequest:
    signature = sign("clave", stamp, body) if signature is None else signature
    return HookRequest(
        method="POST", body=body, received_at=at, headers={"x-signature": signature, "x-timestamp": stamp}
    )


def test_it_works() -> None:
    reply = sim.hook(post(BODY))
    assert reply.status == 200
    assert [(m.external_id, m.text) for m in reply.inbounds] == [("m1", "Ñandú 😀")]
    assert [(s.external_id, s.state) for s in reply.statuses] == [("o1", "read")]


def test_the_handshake_answers_the_challenge_to_who_knows_the_key() -> None:
    known = HookRequest(method="GET", query=(("token", "clave"), ("challenge", "123")))
    assert (sim.hook(known).status, sim.hook(known).body) == (200, "123")
    assert sim.hook(HookRequest(method="GET", query=(("token", "otra"), ("challenge", "123")))).status == 403


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_one_altered_byte_is_refused(place: int, by: int) -> None:
    altered = bytearray(BODY)
    altered[place] ^= by
    assert sim.hook(post(bytes(altered), sign("clave", STAMP, BODY))).status == 403


@given(st.binary() | any_json.map(lambda v: json.dumps(v).encode()))
def test_no_body_makes_it_raise(body: bytes) -> None:
    assert sim.hook(post(body)).status in (200, 400)


@given(st.text(), st.text())
def test_no_header_makes_it_raise(signature: str, stamp: str) -> None:
    assert sim.hook(post(BODY, signature, stamp=stamp)).status == 403


def test_an_old_one_is_refused() -> None:
    assert sim.hook(post(BODY, at=AT + timedelta(minutes=4))).status == 200
    assert sim.hook(post(BODY, at=AT + timedelta(minutes=6))).status == 403


def test_without_a_key_nothing_is_believed() -> None:
    assert DRIVER(SimSettings()).hook(post(BODY, sign("", STAMP, BODY))).status == 403
