"""The five kinds of files, from the upload to the contact, in the real child; and every fate of a row, in one look."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.contacts.blocks import block_address
from app.contacts.imports import service
from app.contacts.imports.models import ImportReject
from app.contacts.models import Contact
from app.contacts.service import AddressIn, ContactIn, create_contact
from app.frame.actor import SYSTEM
from tests.contacts.imports import files
from tests.contacts.imports.test_import_run import ended, imported, uploaded
from tests.world import World, make_world

HEADER = ("Nombre", "Celular", "Correo", "Observaciones")
PERSON = ("Íñigo Núñez", "8812 3456", "inigo@correo.example", "Llamar mañana")
CARD = """BEGIN:VCARD
VERSION:3.0
FN:Íñigo Núñez
TEL;TYPE=CELL:8812 3456
EMAIL:inigo@correo.example
NOTE:Llamar mañana
END:VCARD
"""
MADE: dict[str, Callable[[Path], Path]] = {
    "csv": lambda path: files.text(path, "\n".join(map(";".join, (HEADER, PERSON))), "cp1252"),
    "ods": lambda path: files.ods(path, [HEADER, PERSON]),
    "vcf": lambda path: files.text(path, CARD),
    "xls": lambda path: path.write_bytes(files.OLD_EXCEL) and path,
    "xlsx": lambda path: files.xlsx(path, [HEADER, PERSON]),
}


@pytest.fixture
async def world(office: Any, app: Any) -> World:
    return await make_world(office, app)


async def brought(api: Any, file: Path) -> dict[str, Any]:
    """What became of a file that was sent to the API."""
    sent = {"file": (file.name, await asyncio.to_thread(file.read_bytes), "application/octet-stream")}
    answer = await api.post("/api/v1/imports", files=sent)
    assert answer.status_code == 202, answer.text
    for _ in range(400):
        found: dict[str, Any] = (await api.get(f"/api/v1/imports/{answer.json()['id']}")).json()
        if found["state"] not in ("queued", "running"):
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(found)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("kind", sorted(MADE))
async def test_it_works(world: World, tmp_path: Path, kind: str) -> None:
    api = await world.api_as("diego")
    found = await brought(api, MADE[kind](tmp_path / f"base.{kind}"))
    assert (found["state"], found["counts"]["rejected"]) == ("done", 0), found
    [contact] = (await api.get("/api/v1/contacts?q=inigo nunez")).json()["items"]
    assert (contact["name"], contact["phone"], contact["provenance"]) == ("Íñigo Núñez", "+50688123456", "import")
    page = (await (await world.client_as("diego")).get(f"/contactos/{contact['id']}")).text
    assert f'href="/contactos/importaciones/{found["id"]}"' in page, "the contact says which import brought it"
    if kind != "xls":  # a file of long ago, which has other columns
        assert (contact["email"], contact["notes"]) == ("inigo@correo.example", "Llamar mañana")


async def test_the_same_e_mail_is_the_same_contact(world: World, tmp_path: Path) -> None:
    async with world.office.database.unit() as db:
        given = ContactIn(name="Nidia", addresses=[AddressIn("email", "nidia@correo.example")])
        known = await create_contact(db, given)
    text = "Nombre,Teléfono,Correo\nNidia Arce,8812 3456,NIDIA@Correo.example\n"
    found = await imported(world, text, tmp_path)
    assert (found.counts["created"], found.counts["updated"]) == (0, 1)
    async with world.office.database.unit(write=False) as db:
        [contact] = await db.scalars(select(Contact))
        assert (contact.id, contact.name, contact.phone) == (known.id, "Nidia", "+50688123456")


FATES = """Nombre,Teléfono,Empresa
Nueva,8812 0001,
Vieja,8812 0002,Taller
Igual,8812 0003,
Nueva otra vez,+506 8812-0001,
Bloqueada,8812 0004,
Corta,123,
"""


async def test_a_rehearsal_shows_rows_of_every_fate(world: World, tmp_path: Path) -> None:
    async with world.office.database.unit(actor=SYSTEM) as db:
        for name, phone in (("Vieja", "8812 0002"), ("Igual", "8812 0003")):
            await create_contact(db, ContactIn(name=name, addresses=[AddressIn("phone", phone)]))
        await block_address(db, "tel:+50688120004", reason="BAJA")
    import_id = await uploaded(world, FATES, tmp_path)
    check = await service.check(world.office, import_id, SYSTEM)
    fates = ("created", "updated", "same", "duplicate", "blocked", "rejected")
    assert check.counts == dict.fromkeys(fates, 1) | {"total": 6}
    shown = {row["verdict"]: row for row in check.rows}
    assert {verdict: row["row"] for verdict, row in shown.items()} == dict(zip(fates, range(2, 8), strict=True))
    assert all(shown[fate]["reason"] for fate in ("duplicate", "blocked", "rejected"))


@pytest.mark.sqlite_only
async def test_a_tag_that_does_not_fit_refuses_its_row_and_is_not_cut(world: World, tmp_path: Path) -> None:
    text = f"Nombre,Teléfono,Etiquetas\nLarga,8812 0001,{'x' * 61}\nCorta,8812 0002,{'x' * 60}\n"
    found = await imported(world, text, tmp_path)
    assert (found.counts["created"], found.counts["rejected"]) == (1, 1)
    async with world.office.database.unit(write=False) as db:
        [row] = await db.scalars(select(ImportReject))
        [contact] = await db.scalars(select(Contact))
    assert (row.row, row.field, "60 caracteres" in row.reason) == (2, "tags", True)
    assert contact.tags == ["x" * 60]


@pytest.mark.sqlite_only
async def test_an_import_whose_file_is_gone_fails_with_a_sentence(world: World, tmp_path: Path) -> None:
    api = await world.api_as("diego")
    import_id = await uploaded(world, FATES, tmp_path, name="perdido.csv")
    await asyncio.to_thread((tmp_path / "perdido.csv").unlink)
    async with world.office.database.unit() as db:
        await service.start(db, import_id)
    await ended(world, import_id, "failed")
    said = (await api.get(f"/api/v1/imports/{import_id}")).json()
    assert said["state"] == "failed"
    assert said["error"]


@pytest.mark.sqlite_only
async def test_who_started_it_can_cancel_it_from_the_screen(world: World, tmp_path: Path) -> None:
    api, diego = await world.api_as("diego"), await world.client_as("diego")
    import_id = await uploaded(world, FATES, tmp_path)
    answer = await diego.post(f"/contactos/importaciones/{import_id}/cancelacion")
    assert answer.status_code == 200
    assert (await api.get(f"/api/v1/imports/{import_id}")).json()["state"] == "cancelled"
    assert (await api.get("/api/v1/contacts")).json()["items"] == []


TITLES = {  # as the people who asked for the import named them
    "Teléfono": "phone", "Celular": "phone", "Móvil": "phone", "Tel.": "phone", "Número": "phone",
    "WhatsApp": "whatsapp", "Nombre": "name", "Cliente": "name", "Razón social": "company", "Correo": "email",
    "Observaciones": "notes", "Nota": "notes", "Estado": "status", "Estatus": "status",
}  # fmt: skip
CELLS = {
    "phone": "8812-3456", "whatsapp": "8812-3457", "name": "Ana Mora", "company": "Taller Sol S.A.", "notes": "hola",
    "email": "ana@correo.example", "status": "Interesado",
}  # fmt: skip


@pytest.mark.sqlite_only
@pytest.mark.parametrize("write", [str, str.upper, lambda t: t.lower().translate(str.maketrans("áéíóú", "aeiou"))])
async def test_every_named_title_is_known_whatever_its_case_and_accents(
    world: World, tmp_path: Path, write: Callable[[str], str]
) -> None:
    for title, target in TITLES.items():
        other = ("Correo", CELLS["email"]) if target == "phone" else ("Teléfono", CELLS["phone"])
        text = f"{write(title)};{other[0]}\n" + f"{CELLS[target]};{other[1]}\n" * 3
        path = tmp_path / "base.csv"
        path.write_text(text, encoding="utf-8")
        async with world.office.database.unit() as db:
            found = await service.new_import(db, path.name, path, path.stat().st_size)
        seen = await service.look(world.office, found.id, SYSTEM)
        assert seen.columns[0].target == target, title
