"""What an export says of the addresses beside the first phone and the first e-mail, read as the child reads it."""

import asyncio

import msgspec

from app.contacts.exports.question import answers, lister_of, question
from app.contacts.filters import Filters
from tests.contacts.desk import DIEGO, number


async def others(desk):
    asked = question(lister_of(desk.database, DIEGO, Filters(sort="created"), "UTC"), ("name", "others"))
    rows = await asyncio.to_thread(lambda: [row for block in answers(asked) for row in block])
    return {name: text and [(a["channel"], a["value"]) for a in msgspec.json.decode(text)] for name, text in rows}


async def test_it_works(desk):
    await desk.plant("Ana", number(1), number(2), number(3), email="ana@oficina.example")
    assert await others(desk) == {"Ana": [("phone", number(2)), ("phone", number(3))]}


async def test_who_has_no_other_address_has_nothing(desk):
    await desk.plant("Ana", number(1), email="ana@oficina.example")
    await desk.plant("Beto", number(2), number(3))
    assert await others(desk) == {"Ana": None, "Beto": [("phone", number(3))]}
