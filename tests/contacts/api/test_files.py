"""The API's files: imports, exports, the generator, and the older tool's ways to them."""

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.contacts.exports.models import Export
from app.contacts.models import Contact
from app.frame.audit import AuditEntry
from tests.contacts.imports.files import xlsx
from tests.world import World

V1 = "/api/v1"
ROWS = (
    ("Nombre", "Celular", "Correo"),
    ("Marvin Quesada", "8812 3456", "marvin@correo.example"),
    ("Nidia Arce", "8812 3457", ""),
    ("Repetida", "+506 8812-3457", ""),
    ("Sin número", "123", ""),
)


@pytest.fixture
async def api(world: World) -> Any:
    return await world.api_as("diego")


def file_of(path: Path) -> dict[str, Any]:
    return {"file": (path.name, path.read_bytes(), "application/octet-stream")}


async def over(api: Any, import_id: int, *states: str) -> dict[str, Any]:
    for _ in range(400):
        found: dict[str, Any] = (await api.get(f"{V1}/imports/{import_id}")).json()
        if found["state"] in (states or ("done", "failed")):
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(found)


async def count(world: World) -> int:
    async with world.office.database.unit(write=False) as db:
        return await db.scalar(select(func.count()).select_from(Contact)) or 0


async def test_it_works(world: World, api: Any, tmp_path: Path) -> None:
    began = await api.post(f"{V1}/imports", files=file_of(xlsx(tmp_path / "uno.xlsx", ROWS)))
    assert began.status_code == 202, began.text
    assert began.json()["state"] == "queued"
    assert set(began.json()["counts"]) == {"total", "created", "updated", "same", "duplicate", "blocked", "rejected"}
    done = await over(api, began.json()["id"])
    wanted = {"total": 4, "created": 2, "updated": 0, "same": 0, "duplicate": 1, "blocked": 0, "rejected": 1}
    assert (done["state"], done["counts"]) == ("done", wanted)
    assert began.headers["location"] == f"{V1}/imports/{done['id']}"
    listed = (await api.get(f"{V1}/contacts?q=quesada")).json()["items"]
    assert [c["phone"] for c in listed] == ["+50688123456"]


async def test_refused_rows_are_paged_with_their_reasons(api: Any, tmp_path: Path) -> None:
    began = await api.post(f"{V1}/imports", files=file_of(xlsx(tmp_path / "uno.xlsx", ROWS)))
    url = f"{V1}/imports/{(await over(api, began.json()['id']))['id']}/rejects"
    first = (await api.get(url, params={"limit": 1})).json()
    rest = (await api.get(url, params={"limit": 1, "after": first["next"]})).json()
    assert [one["row"] for one in first["items"] + rest["items"]] == [4, 5]
    assert rest["next"] is None
    assert "Sin número" in rest["items"][0]["cells"]
    assert all(one["reason"] for one in first["items"] + rest["items"])
    assert (await api.get(url, params={"after": "nada"})).status_code == 422


async def test_undo_takes_it_back(world: World, api: Any, tmp_path: Path) -> None:
    began = await api.post(f"{V1}/imports", files=file_of(xlsx(tmp_path / "uno.xlsx", ROWS)))
    import_id = (await over(api, began.json()["id"]))["id"]
    assert (await api.post(f"{V1}/imports/{import_id}/undo")).status_code == 202
    await over(api, import_id, "undone")
    assert await count(world) == 0
    assert (await api.post(f"{V1}/imports/{import_id}/undo")).status_code == 409


async def test_a_dry_run_counts_and_saves_nothing(world: World, api: Any, tmp_path: Path) -> None:
    """It is over when it answers, stays so for who asks again, and says the same to who sends it twice."""
    sent, key = file_of(xlsx(tmp_path / "uno.xlsx", ROWS)), {"Idempotency-Key": "ensayo"}
    answer = await api.post(f"{V1}/imports", files=sent, data={"dry_run": "true"}, headers=key)
    wanted = {"total": 4, "created": 2, "updated": 0, "same": 0, "duplicate": 1, "blocked": 0, "rejected": 1}
    assert (answer.status_code, answer.json()["state"], answer.json()["counts"]) == (202, "done", wanted)
    assert answer.json()["dry_run"] is True
    read = await api.get(f"{V1}/imports/{answer.json()['id']}")
    again = await api.post(f"{V1}/imports", files=sent, data={"dry_run": "true"}, headers=key)
    assert read.json() == again.json() == answer.json()
    assert await count(world) == 0
    assert (await api.post(f"{V1}/imports/{answer.json()['id']}/undo")).status_code == 409


async def test_a_dry_run_can_be_gone_on_with_on_the_screen(world: World, api: Any, tmp_path: Path) -> None:
    sent = file_of(xlsx(tmp_path / "uno.xlsx", ROWS))
    made = (await api.post(f"{V1}/imports", files=sent, data={"dry_run": "true"})).json()["id"]
    diego = await world.client_as("diego")
    assert (await diego.post(f"/contactos/importaciones/{made}/inicio")).status_code == 200
    done = await over(api, made)
    assert (done["dry_run"], done["counts"]["total"], done["counts"]["created"]) == (False, 4, 2)


@pytest.mark.parametrize(
    "mapping", [{"Columna rara": "phone", "Otra": "name"}, {"phone": "Columna rara"}, {"1": "phone"}]
)
async def test_a_mapping_says_what_columns_are(world: World, api: Any, tmp_path: Path, mapping: Any) -> None:
    rows = (("Otra", "Columna rara"), ("Marvin", "8812 3456"))
    sent = file_of(xlsx(tmp_path / "uno.xlsx", rows))
    answer = await api.post(f"{V1}/imports", files=sent, data={"mapping": json.dumps(mapping)})
    assert answer.status_code == 202, answer.text
    assert (await over(api, answer.json()["id"]))["counts"]["created"] == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"mapping": "{"}, "mapping"),
        ({"mapping": '{"Ninguna": "phone"}'}, "mapping"),
        ({"mapping": '{"Nombre": "name"}'}, "mapping"),
        ({"mapping": "[1]"}, "mapping"),
        ({"mode": "replace"}, "mode"),
    ],
)
async def test_what_cannot_be_is_refused_by_field(
    world: World, api: Any, tmp_path: Path, more: dict[str, str], field: str
) -> None:
    answer = await api.post(f"{V1}/imports", files=file_of(xlsx(tmp_path / "uno.xlsx", ROWS)), data=more)
    assert answer.status_code == 422, answer.text
    assert [e["field"] for e in answer.json()["errors"]] == [field]
    uploads = world.office.settings.data / "uploads"
    assert await asyncio.to_thread(lambda: list(uploads.glob("*"))) == []


async def test_a_file_that_is_none_is_a_problem_with_a_sentence(api: Any) -> None:
    sent = {"file": ("malo.xlsx", b"%PDF-1.7", "application/octet-stream")}
    answer = await api.post(f"{V1}/imports", files=sent)
    assert answer.status_code == 422
    assert "PDF" in answer.json()["detail"]
    without = await api.post(f"{V1}/imports", files={"other": ("a", b"b")})
    assert without.status_code in (400, 422)
    assert without.headers["content-type"] == "application/problem+json"


async def test_the_same_key_imports_once(world: World, api: Any, tmp_path: Path) -> None:
    file, key = xlsx(tmp_path / "uno.xlsx", ROWS), {"Idempotency-Key": "lote-7"}
    first = await api.post(f"{V1}/imports", files=file_of(file), headers=key)
    again = await api.post(f"{V1}/imports", files=file_of(file), headers=key)
    assert again.json()["id"] == first.json()["id"]
    assert again.headers["idempotent-replayed"] == "true"
    uploads = world.office.settings.data / "uploads"
    assert len(await asyncio.to_thread(lambda: list(uploads.iterdir()))) == 1


async def test_another_file_under_the_same_key_is_refused_and_not_taken_for_the_first(
    world: World, api: Any, tmp_path: Path
) -> None:
    one, key = xlsx(tmp_path / "uno.xlsx", ROWS), {"Idempotency-Key": "lote-7"}
    other = xlsx(tmp_path / "dos.xlsx", (*ROWS, ("Otra", "8812 9999", "")))
    assert (await api.post(f"{V1}/imports", files=file_of(one), headers=key)).status_code == 202
    for sent, how in ((other, {}), (one, {"mode": "overwrite"}), (one, {"dry_run": "true"})):
        answer = await api.post(f"{V1}/imports", files=file_of(sent), data=how, headers=key)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
    left = await asyncio.to_thread(lambda: list((world.office.settings.data / "uploads").iterdir()))
    assert len(left) == 1


@pytest.mark.parametrize("kind", ["xlsx", "csv", "json", "vcf"])
async def test_an_export_is_the_file(world: World, api: Any, kind: str) -> None:
    for name, phone, status in (("Marvin", "8812 3456", "INTERESADO"), ("Nidia", "8812 3457", "NC")):
        body = {"name": name, "phone": phone, "status": status}
        assert (await api.post(f"{V1}/contacts", json=body)).status_code == 201
    answer = await api.get(f"{V1}/exports", params={"format": kind, "status": "INTERESADO"})
    assert (answer.status_code, answer.headers["x-total-count"]) == (200, "1")
    assert answer.content[:2] == b"PK" if kind == "xlsx" else b"Marvin" in answer.content
    assert b"Nidia" not in answer.content
    async with world.office.database.unit(write=False) as db:
        [export] = await db.scalars(select(Export))
        audited = await db.scalar(select(AuditEntry).where(AuditEntry.verb == "contacts.exported"))
    assert (export.state, export.total, export.query) == ("gone", 1, "status=INTERESADO")
    assert (audited.user_id, audited.after["rows"], audited.after["format"]) == (world.diego, 1, kind)
    left = await asyncio.to_thread(lambda: list((world.office.settings.data / "exports").iterdir()))
    assert left == []


async def test_exports_keep_to_the_keys_reach(world: World, api: Any) -> None:
    body = {"name": "Ajeno", "phone": "8812 3456", "team": world.teams["Soporte"]}
    assert (await api.post(f"{V1}/contacts", json=body)).status_code == 201
    carla, ana = await world.api_as("carla"), await world.api_as("ana")
    answer = await carla.get(f"{V1}/exports?format=csv")
    assert answer.headers["x-total-count"] == "0"
    assert "No hay datos que exportar" in answer.text
    assert (await ana.get(f"{V1}/exports")).status_code == 403
    assert (await api.get(f"{V1}/exports?format=pdf")).status_code == 422


async def test_numbers_are_generated_and_saved_once_per_key(world: World, api: Any) -> None:
    tried = (await api.post(f"{V1}/generator", json={"amount": 20, "seed": "a"})).json()
    again = (await api.post(f"{V1}/generator", json={"amount": 20, "seed": "a"})).json()
    assert tried == again
    assert (tried["count"], tried["saved"], tried["batch_id"]) == (20, 0, None)
    key = {"Idempotency-Key": "tanda-1"}
    for _ in range(2):
        saved = await api.post(f"{V1}/generator", json={"amount": 5, "save": True}, headers=key)
        assert saved.json()["saved"] == 5
    assert await count(world) == 5
    assert (await api.post(f"{V1}/generator", json={"amount": 1001})).status_code == 422
    assert (await (await world.api_as("carla")).post(f"{V1}/generator", json={"amount": 1})).status_code == 403


async def test_the_older_generator_answers_as_it_did(world: World, api: Any) -> None:
    answer = await api.post("/api/generate_contacts", json={"amount": 10, "method": "simple", "save": True})
    body = answer.json()
    assert (body["success"], body["count"], body["saved"]) == (True, 10, 10)
    assert set(body["phones"][0]) == {"number", "operator", "formatted"}
    assert await count(world) == 10


async def test_the_older_import_takes_a_list(world: World, api: Any) -> None:
    rows = [
        {"phone": "8812 3456", "name": "Marvin", "note": 'vive en Heredia,\n"arriba"', "status": "NC", "extra": 1},
        {"phone": "123", "name": "Corto"},
        {"name": "Sin teléfono"},
        {"phone": 88123457},
    ]
    first = await api.post("/import", json=rows)
    assert first.status_code == 201, first.text
    body = first.json()
    assert (body["inserted"], body["updated"], body["total"]) == (2, 0, 4)
    assert [e.split(":")[0] for e in sorted(body["errors"])] == ["Fila 2", "Fila 3"]
    second = (await api.post("/import", json=[{"phone": "+506 88123456", "name": "Marvin Quesada"}])).json()
    assert (second["inserted"], second["updated"], second["duplicates_merged"]) == (0, 1, 1)
    [marvin] = (await api.get(f"{V1}/contacts?q=88123456")).json()["items"]
    assert (marvin["name"], marvin["notes"]) == ("Marvin Quesada", 'vive en Heredia,\n"arriba"')
    assert (await api.post("/import", content=b"{", headers={"content-type": "application/json"})).status_code == 422
    assert (await api.post("/import", json=[])).json()["total"] == 0


async def test_the_older_import_takes_a_file_and_the_older_export_gives_one(
    world: World, api: Any, tmp_path: Path
) -> None:
    began = await api.post("/import", files=file_of(xlsx(tmp_path / "uno.xlsx", ROWS)))
    assert began.status_code == 202
    await over(api, began.json()["id"])
    file = await api.get("/export")
    assert file.content[:2] == b"PK"
    assert file.headers["x-total-count"] == "2"
    async with world.office.database.unit(write=False) as db:
        audited = await db.scalar(select(AuditEntry).where(AuditEntry.verb == "contacts.exported"))
    assert (audited.user_id, audited.after["rows"]) == (world.diego, 2)
    assert (await (await world.api_as("ana")).get("/export")).status_code == 403


async def test_the_cookie_opens_none_of_it(world: World) -> None:
    diego = await world.client_as("diego")
    for path in (f"{V1}/exports", "/export", f"{V1}/imports/1"):
        assert (await diego.get(path)).status_code == 401


async def test_only_chosen_columns(api: Any) -> None:
    assert (await api.post(f"{V1}/contacts", json={"name": "Marvin", "phone": "8812 3456"})).status_code == 201
    answer = await api.get(f"{V1}/exports", params={"format": "csv", "columns": "phone,name"})
    assert next(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))) == ["Nombre", "Teléfono"]
    misspelled = await api.get(f"{V1}/exports", params={"format": "csv", "columns": "fone"})
    assert (misspelled.status_code, misspelled.json()["errors"][0]["field"]) == (422, "columns")
    assert "phone" in misspelled.json()["detail"], "and which there are"
