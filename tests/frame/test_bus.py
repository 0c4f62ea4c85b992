"""A fact is told in the transaction in which it happened; who hears it badly loses only their own reaction."""

import contextlib
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from app.frame import bus
from app.frame.db import Database
from app.frame.profile import OfficeValue, save_values


class Rang(msgspec.Struct, frozen=True):
    who: str


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Nobody listens but those of the test."""
    yield
    bus._handlers.pop(Rang, None)


async def names(database: Database) -> set[str]:
    async with database.unit(write=False) as db:
        return set(await db.scalars(select(OfficeValue.name)))


async def answered(db: Any, fact: Rang) -> None:
    await save_values(db, answered=fact.who)


async def broken(db: Any, fact: Rang) -> None:
    await save_values(db, half=fact.who)
    raise RuntimeError("the line is dead")


async def test_it_works(database: Database) -> None:
    """The broken one between them loses what it wrote; the fact and the others stay."""
    for handler in (broken, answered, answered):
        bus.listen(Rang, handler)
    async with database.unit() as db:
        await save_values(db, fact="rang")
        await bus.emit(db, Rang("Ana"))
    assert await names(database) & {"fact", "answered", "half"} == {"fact", "answered"}


async def test_who_hears_is_in_the_same_transaction(database: Database) -> None:
    bus.listen(Rang, answered)
    with contextlib.suppress(RuntimeError):
        async with database.unit() as db:
            await bus.emit(db, Rang("Ana"))
            raise RuntimeError("something later went wrong")
    assert "answered" not in await names(database)


async def test_a_fact_that_nobody_hears_is_no_trouble(database: Database) -> None:
    async with database.unit() as db:
        await bus.emit(db, Rang("Ana"))
