"""What stands in the log helps to find a fault and gives nobody away."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import insert

from app.contacts.models import Address
from app.frame.db import now_utc
from app.frame.logs import Lines, masked
from tests.world import PASSWORD, World

pytestmark = pytest.mark.sqlite_only
NOTES, PHONE, MAIL = "le debe dinero a su cuñado", "+50688123456", "marvin.quesada@cliente.example"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that Centralita logs, as it is written."""
    written, ours = io.StringIO(), logging.getLogger("centralita")
    handler, level = logging.StreamHandler(written), ours.level
    handler.setFormatter(Lines())
    ours.addHandler(handler)
    ours.setLevel(logging.DEBUG)
    yield written
    ours.removeHandler(handler)
    ours.setLevel(level)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


async def test_it_works(world: World, log: io.StringIO) -> None:
    diego, key = await world.client_as("diego"), await world.api_key_for("diego")
    await diego.post("/entrar", data={"name": MAIL, "password": PASSWORD})
    made = await diego.post(
        "/api/v1/contacts",
        json={"name": "Marvin", "phone": PHONE, "email": MAIL, "notes": NOTES},
        headers={"X-API-Key": key},
    )
    assert made.status_code == 201
    await diego.get(f"/contactos?q={PHONE[1:]}")
    said = log.getvalue()
    told = (NOTES, PHONE, PHONE[4:], MAIL, PASSWORD, key, diego.cookies["centralita"])
    assert [secret for secret in told if secret in said] == []
    requests = [line for line in lines(log) if line["said"] == "request"]
    assert {(r["method"], r["status"]) for r in requests} >= {("POST", 201), ("GET", 200)}
    assert made.headers["x-request-id"] in {r["request_id"] for r in requests}


async def test_an_error_of_the_database_does_not_quote_the_row(world: World, log: io.StringIO) -> None:
    row = {
        "contact_id": 999,
        "channel": "phone",
        "external_id": PHONE,
        "match": f"tel:{PHONE}",
        "created_at": now_utc(),
    }
    try:
        async with world.office.database.unit() as db:
            await db.execute(insert(Address), [row | {"label": NOTES}])
    except Exception:
        logging.getLogger("centralita.errors").exception("unhandled error")
    [line] = [one for one in lines(log) if "trace" in one]
    assert "INSERT INTO" in line["trace"], "the statement helps"
    assert NOTES not in line["trace"]
    assert PHONE not in line["trace"]


def test_numbers_and_mailboxes_are_masked() -> None:
    assert masked(f"Key (match)=(tel:{PHONE}) already exists") == "Key (match)=(tel:…56) already exists"
    assert masked(f"no room for <{MAIL}>") == "no room for <…@…>"
    assert (
        masked("http://127.0.0.1:8000 took 12345 ms in line 1044") == "http://127.0.0.1:8000 took 12345 ms in line 1044"
    )
