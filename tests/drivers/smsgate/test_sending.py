"""A send request: ids that fit and never change, numbers, validity, SIM, and how many parts it makes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import Attachment, Outbound, SendError
from drivers.smsgate.sending import BASIC, EXTENDED, message_id, parts, query, request
from drivers.smsgate.settings import SmsgateSettings

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)


def out(**more: Any) -> Outbound:
    return Outbound(**({"key": "k1", "channel": "sms", "to": "+506 8000-0001", "text": "Hola"} | more))


def asked(settings: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return request(SmsgateSettings(**(settings or {})), out(**more), AT)


def test_it_works() -> None:
    assert asked() == {
        "id": "k1", "phoneNumbers": ["+50680000001"], "textMessage": {"text": "Hola"}, "withDeliveryReport": True,
    }  # fmt: skip


def test_sim_priority_reports_and_device() -> None:
    body = asked({"sim": "2", "priority": 100, "reports": False, "device_id": "d1"})
    assert (body["simNumber"], body["priority"], body["withDeliveryReport"], body["deviceId"]) == (2, 100, False, "d1")
    assert asked({"sim": "2"}, options={"sim": "1"})["simNumber"] == 1
    assert "simNumber" not in asked({"sim": "2"}, options={"sim": "auto"})


def test_validity_is_in_seconds_of_our_own_clock() -> None:
    soon = AT + timedelta(minutes=5)
    assert asked(expires_at=soon)["ttl"] == 300
    assert asked({"ttl_s": 60}, expires_at=soon)["ttl"] == 60
    assert asked({"ttl_s": 60})["ttl"] == 60
    assert asked({"ttl_s": 60}, options={"ttl": "90"})["ttl"] == 90
    assert "validUntil" not in asked(expires_at=soon)


def test_several_people_and_short_codes() -> None:
    assert asked(cc=("+50680000002",))["phoneNumbers"] == ["+50680000001", "+50680000002"]
    assert query(out()) == {}
    assert query(out(to="8888")) == {"skipPhoneValidation": "true"}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"text": ""}, "empty"), ({"text": "x" * 1531}, "too_long"), ({"to": "Ana"}, "number"), ({"to": ""}, "number"),
        ({"channel": "mail"}, "channel"), ({"attachments": (Attachment(content=b"x"),)}, "files"),
        ({"cc": ("+50680000002",) * 100}, "too_many"), ({"expires_at": AT}, "expired"),
        ({"options": {"sim": "9"}}, "sim"),
    ],
)  # fmt: skip
def test_what_cannot_go_is_refused_in_words(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(SendError) as error:
        asked(**wrong)
    assert (error.value.code, error.value.permanent) == (code, True)
    assert str(error.value)


@given(st.text())
def test_an_id_fits_and_is_always_the_same(key: str) -> None:
    made = message_id(key)
    assert 1 <= len(made) <= 36
    assert made == message_id(key)
    assert made.isascii()


@given(st.text(), st.text())
def test_two_keys_are_two_ids(one: str, other: str) -> None:
    assert (message_id(one) == message_id(other)) is (one == other)


@pytest.mark.parametrize(
    ("text", "count"),
    [("x" * 160, 1), ("x" * 161, 2), ("x" * 306, 2), ("x" * 307, 3), ("€" * 80, 1), ("€" * 81, 2), ("ñ" * 160, 1),
     ("á" * 70, 1), ("á" * 71, 2), ("😀" * 35, 1), ("😀" * 36, 2), ("á" * 134, 2), ("á" * 135, 3)],
)  # fmt: skip
def test_parts_as_the_network_counts_them(text: str, count: int) -> None:
    assert parts(text) == count


@given(st.text(min_size=1))
def test_more_text_is_never_fewer_parts(text: str) -> None:
    assert 1 <= parts(text[:-1] or "x") <= parts(text)


def test_the_alphabet_has_the_letters_of_the_standard() -> None:
    assert (len(BASIC), len(EXTENDED)) == (127, 10)
    assert set("ñÑ¿¡üÜ") <= BASIC
    assert not set("áíóúÁÍÓÚ") & BASIC
