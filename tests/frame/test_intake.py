"""Stored before it is understood; the same thing twice is one thing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.frame import bus, intake
from app.frame.intake import Intake, Item
from drivers.contract import Attachment, HookRequest, Inbound, Party, Status

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)


def message(n: object = 1, **more: object) -> Inbound:
    return Inbound(external_id=str(n), channel="sms", sender=Party(address="+50680000001"), **more)  # type: ignore[arg-type]


async def rows(database) -> list[Intake]:
    async with database.unit(write=False) as db:
        found = list(await db.scalars(select(Intake).order_by(Intake.id)))
        db.expunge_all()
        return found


@pytest.fixture
def heard() -> Iterator[list[intake.Arrived]]:
    told: list[intake.Arrived] = []

    async def hear(_db, fact) -> None:
        told.append(fact)

    bus.listen(intake.Arrived, hear)
    yield told
    bus.forget_all()


async def test_it_works(database, heard):
    photo = message(1, text="¡Hola! 😀", attachments=(Attachment(content=b"\x00\xff"),))
    assert await intake.keep(database, 7, photo, Status(state="read", external_id="out-1")) == 2
    read: list[Item] = []

    async def reader(_db, item):
        read.append(item)

    assert await intake.take(database, reader) == 2
    assert read[0].value == photo
    assert read[1].value.external_id == "out-1"
    assert [r.state for r in await rows(database)] == ["done", "done"]
    assert await intake.take(database, reader) == 0
    assert [(a.device_id, a.kind) for a in heard] == [(7, "inbound"), (7, "status")]


async def test_a_replay_is_absorbed_and_told_once(database, heard):
    assert await intake.keep(database, 7, message(1)) == 1
    assert await intake.keep(database, 7, message(1, text="again"), message(2)) == 1
    assert await intake.keep(database, 8, message(1)) == 1
    assert len(await rows(database)) == 3
    assert len(heard) == 3


async def test_the_same_status_at_another_time_is_the_same_and_the_next_state_is_not(database):
    first, later = Status(state="delivered", external_id="x"), Status(state="delivered", external_id="x", at=AT)
    assert await intake.keep(database, 7, first, later, Status(state="read", external_id="x")) == 2


async def test_a_row_that_cannot_be_digested_is_kept_with_its_reason_and_read_again(database):
    await intake.keep(database, 7, message(1), message(2))
    mended = False

    async def reader(db, item):
        if item.value.external_id == "1" and not mended:
            raise ZeroDivisionError("bug")

    await intake.take(database, reader)
    assert [(r.state, r.error, r.tries) for r in await rows(database)] == [
        ("broken", "ZeroDivisionError: bug", 1),
        ("done", "", 1),
    ]
    mended = True
    async with database.unit() as db:
        assert await intake.counts(db) == {"new": 0, "broken": 1}
        assert await intake.again(db, 8) == 0
        assert await intake.again(db, 7) == 1
    await intake.take(database, reader)
    assert [r.state for r in await rows(database)] == ["done", "done"]


async def test_what_a_broken_reader_wrote_is_rolled_back(database):
    await intake.keep(database, 7, message(1))

    async def reader(db, _item):
        await intake.store(db, 9, message("half"))
        raise ValueError("in the middle")

    await intake.take(database, reader)
    assert [(r.device_id, r.state) for r in await rows(database)] == [(7, "broken")]


async def test_hooks_are_left_for_their_own_reader(database):
    await intake.keep(database, 7, HookRequest(method="POST", body=b"\xff{"), error="driver bug")
    assert [(r.kind, r.state) for r in await rows(database)] == [("hook", "broken")]

    async def reader(_db, _item):
        raise AssertionError("not mine")

    async with database.unit() as db:
        await intake.again(db)
    assert await intake.take(database, reader) == 0


async def test_contents_are_forgotten_then_the_rows(database):
    await intake.keep(database, 7, message(1), message(2))

    async def reader(_db, item):
        if item.value.external_id == "2":
            raise ValueError("kept for a person")

    await intake.take(database, reader)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    async with database.unit() as db:
        await intake.tidy(db, blank_before=tomorrow, drop_before=AT)
    done, broken = await rows(database)
    assert done.payload == b""
    assert broken.payload != b""
    async with database.unit() as db:
        await intake.tidy(db, blank_before=tomorrow, drop_before=tomorrow)
    assert [r.state for r in await rows(database)] == ["broken"]


@given(st.text(), st.text())
def test_any_id_fits_its_column_and_different_ids_stay_different(a: str, b: str) -> None:
    one, two = intake.identity(message(a)), intake.identity(message(b))
    assert len(one) <= intake.ID_MAX
    assert (one == two) is (a == b)


@given(st.integers(min_value=150, max_value=2000))
def test_a_long_message_id_still_fits(length: int) -> None:
    long = "<" + "x" * length + "@example.org>"
    assert len(intake.identity(message(long))) <= intake.ID_MAX
    assert intake.identity(message(long)) != intake.identity(message(long + "y"))


@given(st.recursive(st.none() | st.integers() | st.text(), lambda i: st.lists(i) | st.dictionaries(st.text(), i)))
def test_anything_raw_can_be_packed(raw: object) -> None:
    assert intake.pack(message(1, raw=raw))


def test_half_an_emoji_is_packed_too() -> None:
    packed = intake.pack(message(1, text="\ud83d hola", raw={"\udc00": ["\ud83d"], "b": b"\x00"}))
    assert "\ufffd hola".encode() in packed.replace(b"?", "\ufffd".encode())
