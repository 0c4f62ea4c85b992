"""Sealing by the book: RFC 8291's own example, and whatever is sealed opens."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import http_ece
import msgspec
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import Attachment, Choice, SendError
from drivers.webpush import sealing
from drivers.webpush.address import Address
from drivers.webpush.settings import WebpushSettings
from tests.drivers.peers.webpush import Browser, dec, enc
from tests.drivers.webpush.conftest import hello

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)
EXAMPLE = (  # RFC 8291, appendix A
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
    "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
WORDS = b"When I grow up, I want to be a watermelon"


def private(number: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(dec(number), "big"), ec.SECP256R1())


THEIRS = Browser(private("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), dec("BTBZMqHH6r4Tts7J_aSIgg"))
ADDRESS = Address("https://push.example", "/x", THEIRS.public, THEIRS.secret)


def test_it_works() -> None:
    assert THEIRS.open(sealing.seal(b"Hola", ADDRESS)) == b"Hola"


def test_the_example_of_the_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our call of the library, with the standard's salt and sender; and our opener opens the standard's own bytes."""
    assert THEIRS.open(dec(EXAMPLE)) == WORDS
    ours = private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    seal: Callable[..., bytes] = http_ece.encrypt
    monkeypatch.setattr(sealing.ec, "generate_private_key", lambda _curve: ours)
    monkeypatch.setattr(
        sealing.http_ece, "encrypt", lambda body, **more: seal(body, salt=dec("DGv6ra1nlYgDCS1FRnbzlw"), **more)
    )
    assert enc(sealing.seal(WORDS, ADDRESS)) == EXAMPLE


@given(st.binary(min_size=1, max_size=sealing.PLAIN_MAX))
def test_whatever_is_sealed_opens_and_fits(body: bytes) -> None:
    sealed = sealing.seal(body, ADDRESS)
    assert len(sealed) <= 4096
    assert THEIRS.open(sealed) == body


@given(st.integers(86, 120), st.integers(1, 255))
def test_one_altered_byte_does_not_open(place: int, by: int) -> None:
    sealed = bytearray(sealing.seal(b"x" * 40, ADDRESS))
    sealed[place] ^= by
    with pytest.raises(InvalidTag):
        THEIRS.open(bytes(sealed))


def test_no_two_are_sealed_alike() -> None:
    assert sealing.seal(b"x", ADDRESS) != sealing.seal(b"x", ADDRESS)


def test_what_the_page_gets() -> None:
    given_ = hello("", choices=(Choice(payload="ver", title="Ver"),) * 3, options={"url": "/casos/7"})
    said = msgspec.json.decode(sealing.plain(given_))
    assert said == {
        "title": "Nuevo caso", "body": "Ana", "url": "/casos/7", "tag": "k1",
        "actions": [{"action": "ver", "title": "Ver"}] * 2,
    }  # fmt: skip
    assert msgspec.json.decode(sealing.plain(hello("", subject="")))["title"] == "Ana"


def test_life_urgency_and_topic() -> None:
    settings = WebpushSettings(ttl_s=600)
    plain = sealing.headers(settings, hello(""), AT)
    assert (plain["ttl"], plain["urgency"], len(plain["topic"])) == ("600", "high", 32)
    assert plain["topic"] == sealing.headers(settings, hello(""), AT)["topic"]
    assert plain["topic"] != sealing.headers(settings, hello("", "k2"), AT)["topic"]
    own = {"ttl": "30", "urgency": "low", "topic": "bandeja"}
    assert sealing.headers(settings, hello("", options=own), AT).items() >= own.items()
    assert sealing.headers(settings, hello("", expires_at=AT + timedelta(seconds=9)), AT)["ttl"] == "9"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"text": "", "subject": ""}, "empty"), ({"text": "ñ" * 2000}, "too_big"), ({"channel": "sms"}, "channel"),
        ({"attachments": (Attachment(content=b"x"),)}, "files"), ({"options": {"urgency": "x"}}, "option"),
        ({"options": {"ttl": "-1"}}, "option"), ({"options": {"topic": "con espacio"}}, "option"),
        ({"expires_at": AT}, "expired"),
    ],
)  # fmt: skip
def test_what_cannot_go_is_refused_in_words(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(SendError) as error:
        (sealing.plain(hello("", **wrong)), sealing.headers(WebpushSettings(), hello("", **wrong), AT))
    assert (error.value.code, error.value.permanent) == (code, True)
