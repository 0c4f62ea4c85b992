"""News about what was sent."""

from datetime import UTC, datetime

import pytest

from drivers.contract import Status
from drivers.meta.faults import trouble
from drivers.whatsapp.errors import RULES
from drivers.whatsapp.inbound import Reader
from tests.drivers.meta.signing import AT
from tests.drivers.meta.test_faults import said as fault
from tests.drivers.peers.cloud_api import NUMBER
from tests.drivers.whatsapp.payloads import WAMID, status, statuses


def one(**more: object) -> Status:
    (found,) = Reader(NUMBER).read(statuses(status(**more)), AT).statuses  # type: ignore[arg-type]
    return found


def test_it_works() -> None:
    found = one(state="delivered", biz_opaque_callback_data="our-key")
    assert (found.state, found.external_id, found.key) == ("delivered", WAMID, "our-key")
    assert found.at == datetime(2025, 6, 8, 21, tzinfo=UTC)


def test_they_come_in_any_order_and_all_are_told() -> None:
    order = ["read", "sent", "delivered", "delivered", "failed", "played"]
    found = Reader(NUMBER).read(statuses(*map(status, order)), AT).statuses
    assert [s.state for s in found] == ["read", "sent", "delivered", "delivered", "failed", "read"]


def test_one_without_a_time_has_the_time_when_it_came() -> None:
    assert one(timestamp="later").at == AT


@pytest.mark.parametrize(
    ("pricing", "words"),
    [
        ({"billable": True, "pricing_model": "PMP", "type": "regular", "category": "marketing"}, "mercadotecnia"),
        ({"billable": True, "pricing_model": "PMP", "type": "regular", "category": "utility"}, "utilidad"),
        ({"billable": False, "type": "free_customer_service", "category": "service"}, "no cobra"),
        ({"pricing_model": "PMP", "type": "free_entry_point", "category": "service"}, "no cobra"),
        ({"category": "tomorrow's kind"}, ""),
    ],
)
def test_what_it_costs_is_said_in_words(pricing: dict[str, object], words: str) -> None:
    found = one(pricing=pricing)
    assert words in found.sentence
    assert (found.price, found.code) == ("", "")


def test_an_amount_is_kept_as_it_was_written() -> None:
    assert one(pricing={"category": "utility", "amount": "0.0085", "currency": "USD"}).price == "0.0085 USD"


def test_a_failure_says_why_in_spanish() -> None:
    error = {"code": 131026, "title": "Message undeliverable", "error_data": {"details": "50680000001 not capable"}}
    found = one(state="failed", errors=[error])
    assert (found.state, found.code, found.final) == ("failed", "131026", True)
    assert "no tiene WhatsApp" in found.sentence


def test_an_unknown_failure_keeps_metas_own_words_without_numbers() -> None:
    found = one(state="failed", errors=[{"code": 999, "message": "Odd for 50680000001"}])
    assert found.sentence == "Meta rechazó la solicitud (código 999): Odd for …"
    assert one(state="failed", errors=[{"title": "Odd"}]).sentence.endswith("(código ?): Odd")
    assert one(state="failed").sentence == "Meta rechazó la solicitud (código ?): ?"


def test_a_state_that_nobody_knows_is_kept_as_an_event() -> None:
    reply = Reader(NUMBER).read(statuses(status("teleported")), AT)
    assert (reply.statuses, [i.kind for i in reply.inbounds]) == ((), ["event"])


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_rule_can_be_said_of_an_answer_and_of_a_status(code: int) -> None:
    assert "%(" not in one(state="failed", errors=[{"code": code, "title": "why"}]).sentence
    assert "%(" not in str(trouble(fault(code=code, message="why"), RULES))
