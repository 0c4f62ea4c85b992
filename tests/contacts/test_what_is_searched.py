"""The search box looks at names, companies, pieces of numbers, mailboxes, notes, tags and own fields; never accents."""

import pytest

from app.contacts.fields import define_field
from app.contacts.filters import Filters
from app.contacts.listing import Lister
from app.contacts.service import AddressIn, change_contact
from tests.contacts.desk import DIEGO, Desk

FOUND_BY = {
    "name": ("josé", "jose", "JOSE", "Ñúñez", "nunez", "jo"),
    "company": ("camión", "camion rojo"),
    "phone": ("88123456", "8812 3456", "8812-34", "1234", "+506 8812", "50688123456"),
    "other number": ("70001111", "0001"),
    "e-mail": ("jn@correo.example", "correo.ex", "JN@"),
    "notes": ("jardín", "jardin", "DESPUES DE LAS CINCO"),
    "tag": ("mayorísta", "mayorista"),
    "own field": ("1-0234-0567", "0234", "102340567"),
    "number in the notes": ("2260-4418", "22604418", "2260 44"),
    "several": ("nunez 8812", "jardin jose", "mayorista correo"),
}
NEEDLES = [(where, needle) for where, needles in FOUND_BY.items() for needle in needles]


@pytest.fixture
async def planted(desk: Desk) -> int:
    async with desk.unit() as db:
        await define_field(db, "Cédula", "text")
    await desk.plant("Marta Brenes", "2222 3333", email="marta@otra.example", notes="nada", tags=["vip"])
    return await desk.plant(
        "José Núñez", "8812 3456", "7000 1111", email="jn@correo.example", company="Camión Rojo", tags=["Mayorista"],
        notes="Tiene jardín; llamar después de las cinco al 2260-4418", custom={"cedula": "1-0234-0567"},
    )  # fmt: skip


async def ids(desk: Desk, q: str) -> list[int]:
    return [r.id for r in (await Lister(desk.database, DIEGO, Filters(q=q), "America/Costa_Rica").page()).rows]


async def test_it_works(desk: Desk, planted: int) -> None:
    missed = [(where, needle) for where, needle in NEEDLES if await ids(desk, needle) != [planted]]
    assert missed == []


async def test_from_the_first_letter_on(desk: Desk, planted: int) -> None:
    word = "jardin"
    assert [n for n in range(1, len(word) + 1) if planted not in await ids(desk, word[:n])] == []
    assert [n for n in range(1, 12) if planted not in await ids(desk, "50688123456"[:n])] == []
    assert [n for n in range(1, 9) if planted not in await ids(desk, "88123456"[:n])] == [], "as it is dialled here"
    assert [n for n in range(3, 8) if planted not in await ids(desk, "8123456"[:n])] == [], "any piece of three"


async def test_what_changed_is_found_by_the_new_and_not_by_the_old(desk: Desk, planted: int) -> None:
    async with desk.unit() as db:
        wanted = {"name": "Óscar", "tags": ["Exterior"], "notes": "", "addresses": [AddressIn("phone", "6001 2345")]}
        await change_contact(db, planted, wanted)
    assert [await ids(desk, q) for q in ("oscar", "exterior", "60012345")] == [[planted]] * 3
    assert [await ids(desk, q) for q in ("nunez", "mayorista", "jardin", "88123456", "jn@correo")] == [[]] * 5
