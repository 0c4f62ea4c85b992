"""The import wizard: upload, columns, rehearsal, progress, result, refused rows, undo."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import fastexcel
import msgspec
import pytest
from sqlalchemy import func, select

from app.contacts.imports import uploads
from app.contacts.imports.models import Import
from app.contacts.models import Contact
from app.contacts.service import change_contact
from app.frame.actor import SYSTEM
from app.frame.db import now_utc
from tests.contacts.imports.files import xlsx
from tests.world import World

PAGE = "/contactos/importaciones"
ROWS = (
    ("Clientes de Heredia", None, None),
    ("Nombre", "Celular", "Correo"),
    ("Marvin Quesada", "8812 3456", "marvin@correo.example"),
    ("Nidia Arce", 88123457.0, ""),
    ("Repetida", "+506 8812-3457", ""),
    ("Sin número", "123", ""),
)


async def sent(client: Any, file: Path, name: str = "") -> Any:
    data = await asyncio.to_thread(file.read_bytes)
    files = {"file": (name or file.name, data, "application/octet-stream")}
    return await client.post(PAGE, files=files, headers={"HX-Request": "true"})


async def uploaded(client: Any, file: Path) -> str:
    """The address of the import that an upload began."""
    answer = await sent(client, file)
    assert answer.status_code == 200, answer.text
    address: str = answer.headers["hx-redirect"]
    return address


async def over(world: World, url: str, *states: str) -> Import:
    for _ in range(400):
        async with world.office.database.unit(write=False) as db:
            found = await db.get_one(Import, int(url.rpartition("/")[2]))
        if found.state in (states or ("done", "failed")):
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"still {found.state}")


async def count(world: World) -> int:
    async with world.office.database.unit(write=False) as db:
        return await db.scalar(select(func.count()).select_from(Contact)) or 0


COLUMNS = {"column-0": "name", "column-1": "phone", "column-2": "email", "mode": "fill"}


async def test_it_works(world: World, tmp_path: Path) -> None:
    diego = await world.client_as("diego")
    url = await uploaded(diego, xlsx(tmp_path / "heredia.xlsx", ROWS))
    columns = await diego.get(url)
    assert "Celular" in columns.text
    assert 'value="phone" selected' in columns.text, "recognised by its title"
    assert "8812 3456" in columns.text, "some cells as examples"
    rehearsal = await diego.post(f"{url}/ensayo", data=COLUMNS)
    assert "Importar 2 contactos" in rehearsal.text
    assert "Repite la fila 4" in rehearsal.text
    assert await count(world) == 0, "a rehearsal saves nothing"
    assert "Importar 2 contactos" in (await diego.get(url)).text, "a reload stays in its step"
    started = await diego.post(f"{url}/inicio")
    assert "nudge:import-" in started.text
    assert (await over(world, url)).state == "done"
    result = await diego.partial(f"{url}/avance?mirando=1")
    assert "aviso" in result.headers["hx-trigger"]
    assert "Importación terminada" in result.text
    assert "Descargar 2 filas" in result.text
    assert await count(world) == 2
    assert "heredia.xlsx" in (await diego.get(PAGE)).text


async def test_the_rows_that_stayed_out_come_back_with_their_own_cells(world: World, tmp_path: Path) -> None:
    diego = await world.client_as("diego")
    url = await uploaded(diego, xlsx(tmp_path / "heredia.xlsx", ROWS))
    await diego.post(f"{url}/ensayo", data=COLUMNS)
    await diego.post(f"{url}/inicio")
    await over(world, url)
    file = await diego.get(f"{url}/rechazadas")
    assert "attachment" in file.headers["content-disposition"]
    sheet = fastexcel.read_excel(io.BytesIO(file.content).getvalue()).load_sheet(0).to_polars()
    assert sheet.columns == ["Nombre", "Celular", "Correo", "Motivo", "Fila"]
    assert sheet["Nombre"].to_list() == ["Repetida", "Sin número"]
    assert sheet["Fila"].to_list() == [5, 6]
    left = await asyncio.to_thread(lambda: list((world.office.settings.data / "exports").glob("rejects*")))
    assert left == [], "the workbook was made for this one answer"


async def test_an_undo_leaves_alone_what_people_edited(world: World, tmp_path: Path) -> None:
    diego = await world.client_as("diego")
    url = await uploaded(diego, xlsx(tmp_path / "heredia.xlsx", ROWS))
    await diego.post(f"{url}/ensayo", data=COLUMNS)
    await diego.post(f"{url}/inicio")
    await over(world, url)
    async with world.office.database.unit(actor=SYSTEM) as db:
        nidia = await db.scalar(select(Contact.id).where(Contact.name == "Nidia Arce"))
        await change_contact(db, nidia, {"notes": "Llamar el lunes"})
    assert "Deshaciendo" in (await diego.post(f"{url}/deshacer")).text
    await over(world, url, "undone")
    page = await diego.get(url)
    assert "alguien lo cambió después" in page.text
    assert f'href="/contactos/{nidia}"' in page.text
    assert await count(world) == 1


async def test_what_was_chosen_for_a_shape_is_remembered(world: World, tmp_path: Path) -> None:
    diego = await world.client_as("diego")
    first = await uploaded(diego, xlsx(tmp_path / "uno.xlsx", ROWS))
    await diego.post(f"{first}/ensayo", data=COLUMNS | {"column-2": "notes"})
    again = await diego.get(await uploaded(diego, xlsx(tmp_path / "dos.xlsx", ROWS)))
    assert "la última vez" in again.text
    assert 'value="notes" selected' in again.text


async def test_columns_that_reach_nobody_are_refused_and_kept_as_typed(world: World, tmp_path: Path) -> None:
    diego = await world.client_as("diego")
    url = await uploaded(diego, xlsx(tmp_path / "heredia.xlsx", ROWS))
    answer = await diego.post(f"{url}/ensayo", data={"column-0": "company", "column-1": "skip", "column-2": "skip"})
    assert answer.status_code == 422
    assert "al menos una columna" in answer.text
    assert 'value="company" selected' in answer.text
    assert (await diego.post(f"{url}/inicio")).status_code == 409, "nothing was settled yet"
    odd = await diego.post(f"{url}/ensayo", data=COLUMNS | {"column-0": "password"})
    assert odd.status_code == 422


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no tiene datos"),
        (b"%PDF-1.7 nada", "un PDF"),
        (b"PK\x03\x04" + b"\0" * 60, "dañado"),
        (b"<html><table></table></html>", "página web"),
    ],
)
async def test_a_bad_file_is_refused_with_what_to_do(world: World, tmp_path: Path, content: bytes, said: str) -> None:
    diego = await world.client_as("diego")
    file = tmp_path / "malo.xlsx"
    file.write_bytes(content)
    answer = await sent(diego, file)
    assert answer.status_code in (413, 422)
    assert said in answer.text
    assert 'type="file"' in answer.text, "another one can be chosen at once"
    kept = world.office.settings.data / uploads.FOLDER
    assert await asyncio.to_thread(lambda: list(kept.iterdir())) == []
    async with world.office.database.unit(write=False) as db:
        assert (await db.scalars(select(Import))).all() == []


@pytest.mark.sqlite_only
async def test_a_file_over_the_limit_of_the_office_says_the_limit_and_is_not_kept(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.office, "settings", msgspec.structs.replace(world.office.settings, upload_max_mb=1))
    diego, api = await world.client_as("diego"), await world.api_as("diego")
    file = tmp_path / "grande.csv"
    file.write_bytes(b"Nombre;Tel\n" + b"Ana;88123456\n" * 100_000)
    answers = await sent(diego, file), await api.post("/api/v1/imports", files={"file": (file.name, file.read_bytes())})
    assert [answer.status_code for answer in answers] == [422, 413], "the form comes back, the program gets a problem"
    assert all("más de 1 MB" in answer.text for answer in answers)
    kept = world.office.settings.data / uploads.FOLDER
    assert await asyncio.to_thread(lambda: list(kept.iterdir())) == []


async def test_no_file_is_said_beside_the_field(world: World) -> None:
    diego = await world.client_as("diego")
    answer = await diego.post(PAGE, data={"x": "1"})
    assert answer.status_code == 422
    assert "Elija un archivo" in answer.text


async def test_another_sheet_or_row_of_titles_reads_the_columns_anew(world: World, tmp_path: Path) -> None:
    diego = await world.client_as("diego")
    book = xlsx(tmp_path / "libro.xlsx", ROWS, Otros=(("Empresa", "Tel."), ("Panadería Sol", "2222 3344")))
    url = await uploaded(diego, book)
    other = await diego.post(f"{url}/hoja", data={"sheet": "Otros", "header_row": "1"})
    assert "Panadería Sol" in other.text
    assert 'value="company" selected' in other.text
    assert (await diego.post(f"{url}/hoja", data={"sheet": "Ninguna"})).status_code == 422
    assert (await diego.post(f"{url}/hoja", data={"header_row": "x"})).status_code == 422


async def test_the_rehearsal_can_be_narrowed_to_a_verdict(world: World, tmp_path: Path) -> None:
    diego = await world.client_as("diego")
    url = await uploaded(diego, xlsx(tmp_path / "heredia.xlsx", ROWS))
    await diego.post(f"{url}/ensayo", data=COLUMNS)
    refused = await diego.partial(f"{url}/ensayo?veredicto=rejected")
    assert "Sin número" in refused.text
    assert "Marvin" not in refused.text


async def test_a_draft_can_be_discarded_with_its_file(world: World, tmp_path: Path) -> None:
    diego = await world.client_as("diego")
    url = await uploaded(diego, xlsx(tmp_path / "heredia.xlsx", ROWS))
    assert (await diego.post(f"{url}/descarte", headers={"HX-Request": "true"})).headers["hx-redirect"] == PAGE
    assert (await diego.get(url)).status_code == 404
    kept = world.office.settings.data / uploads.FOLDER
    assert await asyncio.to_thread(lambda: list(kept.iterdir())) == []


async def test_who_may_not_import_gets_nowhere(world: World, tmp_path: Path) -> None:
    ana, diego = await world.client_as("ana"), await world.client_as("diego")
    url = await uploaded(diego, xlsx(tmp_path / "heredia.xlsx", ROWS))
    for answer in (await ana.get(PAGE), await ana.get(url), await ana.post(f"{url}/inicio"), await ana.post(PAGE)):
        assert answer.status_code == 403


async def test_files_are_forgotten_when_nobody_needs_them(world: World, tmp_path: Path) -> None:
    diego = await world.client_as("diego")
    url = await uploaded(diego, xlsx(tmp_path / "heredia.xlsx", ROWS))
    database = world.office.database
    async with database.unit(actor=SYSTEM) as db:
        assert await uploads.forget_uploads(db) == [], "a fresh draft is still worked on"
        draft = await db.get_one(Import, int(url.rpartition("/")[2]))
        draft.created_at = now_utc() - uploads.DRAFTS_KEPT
        path = draft.path
    async with database.unit(actor=SYSTEM) as db:
        assert await uploads.forget_uploads(db) == [path]


Plant = Callable[..., Awaitable[int]]


async def test_the_rehearsal_shows_what_would_change(world: World, plant: Plant, tmp_path: Path) -> None:
    await plant("Marvin Quesada", phone="8812 3456")
    diego = await world.client_as("diego")
    rows = (("Nombre", "Celular", "Empresa"), ("Marvin Quesada", "88123456", "Taller Sol"))
    url = await uploaded(diego, xlsx(tmp_path / "uno.xlsx", rows))
    answer = await diego.post(f"{url}/ensayo", data={"column-0": "name", "column-1": "phone", "column-2": "company"})
    assert "<ins>Taller Sol</ins>" in answer.text
    assert "Importar 1 contacto" in answer.text
