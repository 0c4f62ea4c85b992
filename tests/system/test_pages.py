"""/sistema tells what is so, to those who may know it."""

import asyncio
import re
from datetime import timedelta
from html import escape

import msgspec
import pytest
from litestar_queues import task
from sqlalchemy import select

from app.accounts import people
from app.accounts.models import RoleGrant
from app.frame import audit
from app.frame.db import now_utc
from app.frame.refused import Refused
from app.system import facts, findings, restoring, shelf
from app.system.backups import backup_now
from tests.world import World


async def until(check, seconds: float = 60.0):
    """The first true value of `check()`."""
    for _ in range(int(seconds / 0.05)):
        if value := check():
            return value
        await asyncio.sleep(0.05)
    raise AssertionError("it never came")


async def test_it_works(world: World) -> None:
    client = await world.client_as("diego")
    answer = await client.get("/sistema")
    assert answer.status_code == 200
    for word in (
        "Demora del proceso",
        "Cola de trabajos",
        "system.drill",
        "Contactos",
        "Todavía no hay ningún respaldo",
    ):
        assert word in answer.text
    assert ("SQLite" if world.office.settings.is_sqlite else "PostgreSQL") in answer.text


async def test_it_shows_everything_that_one_looks_there_for(world: World) -> None:
    """Each in its own place: modules, background tasks, queue, schedules, lag, size of the database, versions."""
    client, modules = await world.client_as("irene"), world.office.modules.values()
    wanted = {module.title for module in modules} | {world.office.version}
    wanted |= {escape(kept.title) for kept in world.office.supervisor.snapshot()}
    wanted |= {every.job for module in modules for every in module.schedules}
    measured = {"Demora del proceso, p99", "Trabajos en cola", "Pantallas en vivo", "Base de datos"}
    missing, figures = wanted, dict[str, str]()
    for _ in range(200):  # the timetable is written and the lag is measured a moment after the start
        page = (await client.get("/sistema")).text
        figures = dict(re.findall(r'<dt>([^<]+)</dt><dd class="value">([\d.,]+)', page))
        missing = {one for one in wanted if one not in page} | measured - set(figures)
        if not missing:
            break
        await asyncio.sleep(0.1)
    assert missing == set()
    assert float(figures["Base de datos"].replace(",", ".")) > 0


async def test_the_state_is_asked_again_as_a_fragment(world: World) -> None:
    client = await world.client_as("irene")
    answer = await client.partial("/sistema/estado")
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div class="stack system" id="system-state"')
    assert "<html" not in answer.text


@pytest.mark.parametrize("who", ["ana", "carla"])
@pytest.mark.parametrize("path", ["/sistema", "/sistema/estado", "/sistema/respaldos"])
@pytest.mark.sqlite_only
async def test_agents_and_leads_see_none_of_it(world: World, who: str, path: str) -> None:
    client = await world.client_as(who)
    assert (await client.get(path)).status_code == 403


@pytest.mark.sqlite_only
async def test_who_may_only_look_is_not_led_to_the_backups(world: World) -> None:
    async with world.office.database.unit() as db:
        cell = await db.get(RoleGrant, ("manager", "system.backups"))
        assert cell is not None
        cell.scope = ""
    client = await world.client_as("diego")
    assert "/sistema/respaldos" not in (await client.get("/sistema")).text
    assert (await client.get("/sistema/respaldos")).status_code == 403


@pytest.mark.sqlite_only
async def test_a_module_that_did_not_load_is_named_with_its_reason(world: World) -> None:
    world.office.skipped["acme_loyalty"] = "ImportError: no module named <acme>"
    client = await world.client_as("irene")
    text = (await client.get("/sistema")).text
    assert "acme_loyalty" in text
    assert "no module named &lt;acme&gt;" in text
    assert "Omitido" in text


async def test_a_failed_job_is_shown_with_its_last_line(world: World) -> None:
    async def broken(_key: str) -> None:
        raise RuntimeError("the stapler is empty")

    task("office.staple")(broken)
    await world.office.queue.put("office.staple", "1")
    client = await world.client_as("irene")

    async def text() -> str:
        world.office.state.pop("system.facts", None)
        return str((await client.partial("/sistema/estado")).text)

    for _ in range(100):
        if "the stapler is empty" in (said := await text()):
            break
        await asyncio.sleep(0.1)
    assert "the stapler is empty" in said
    assert "office.staple" in said


async def test_a_backup_is_asked_for_and_appears(world: World) -> None:
    client = await world.client_as("irene")
    answer = await client.post("/sistema/respaldos")
    assert answer.status_code == 200
    assert "Respaldando" in answer.text
    (backup,) = await until(lambda: shelf.listed(world.office.settings))
    assert backup.why == "manual"
    text = (await client.partial("/sistema/respaldos/lista")).text
    assert backup.name in text
    assert "Comprobado" in text
    assert await verbs(world) == ["system.backup_asked"]


async def verbs(world: World) -> list[str]:
    entry = audit.AuditEntry
    async with world.office.database.unit(write=False) as db:
        wanted = select(entry.verb).where(entry.verb.startswith("system.")).order_by(entry.id)
        return list(await db.scalars(wanted))


@pytest.mark.sqlite_only
async def test_a_download_is_the_very_file_and_is_audited(world: World) -> None:
    backup = await asyncio.to_thread(backup_now, world.office.settings)
    client = await world.client_as("irene")
    answer = await client.get(f"/sistema/respaldos/{backup.name}/archivo")
    assert answer.content == shelf.path_of(world.office.settings, backup).read_bytes()
    assert backup.name in answer.headers["content-disposition"]
    assert await verbs(world) == ["system.backup_downloaded"]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", ["nada.db", "..%2F..%2Fsecret", "drill.json", "..%2Fcentralita.db"])
async def test_only_names_on_the_shelf_can_be_had(world: World, name: str) -> None:
    await asyncio.to_thread(backup_now, world.office.settings)
    client = await world.client_as("irene")
    assert (await client.get(f"/sistema/respaldos/{name}/archivo")).status_code == 404


async def test_a_restore_leaves_a_request_and_asks_the_server_to_begin_again(world: World) -> None:
    backup = await asyncio.to_thread(backup_now, world.office.settings)
    begun: list[bool] = []
    world.office.state["restart"] = lambda: begun.append(True)
    client = await world.client_as("irene")
    answer = await client.post(f"/sistema/respaldos/{backup.name}/restauraciones")
    assert answer.status_code == 200
    assert "La oficina se reinicia" in answer.text
    request = restoring.asked(world.office.settings)
    assert request is not None
    assert (request.by, request.user_id) == ("Irene Campos", world.irene)
    await until(lambda: begun)
    assert await verbs(world) == ["system.restore_asked"]
    again = await client.post(f"/sistema/respaldos/{backup.name}/restauraciones")
    assert again.status_code == 409


async def test_a_damaged_backup_is_refused_before_anybody_is_disturbed(world: World) -> None:
    backup = await asyncio.to_thread(backup_now, world.office.settings)
    shelf.path_of(world.office.settings, backup).write_bytes(b"nada")
    client = await world.client_as("irene")
    answer = await client.post(f"/sistema/respaldos/{backup.name}/restauraciones")
    assert answer.status_code == 422
    assert "dañado" in answer.text
    assert restoring.asked(world.office.settings) is None


async def test_a_drill_on_request_shows_its_result(world: World) -> None:
    await asyncio.to_thread(backup_now, world.office.settings)
    client = await world.client_as("irene")
    assert (await client.post("/sistema/simulacros")).status_code == 200
    await until(lambda: facts.look_at_shelf(world.office.settings).drill)
    assert "Simulacro bien" in (await client.get("/sistema/respaldos")).text
    assert "Bien, Hoy" in (await client.get("/sistema")).text


@pytest.mark.sqlite_only
async def test_the_facts_become_words_about_what_to_do(world: World) -> None:
    settings = world.office.settings
    await asyncio.to_thread(backup_now, settings)
    now = await facts.facts(world.office)
    assert findings.troubles(settings, msgspec.structs.replace(now, lag={}), {}) == []
    old = msgspec.structs.replace(now, at=now_utc() + timedelta(hours=2), lag={"p99_ms": 300.0})
    bad = msgspec.structs.replace(old, store=msgspec.structs.replace(now.store, free_bytes=1000, revision="older"))
    down = msgspec.structs.replace(now.kept[0], state="retrying", why="Se cayó: %(what)s", facts={"what": "el cable"})
    human = msgspec.structs.replace(down, state="needs_human", what_to_do="Escriba el PIN.")
    bad = msgspec.structs.replace(bad, kept=[down, human])
    found = findings.troubles(settings, bad, {"acme": "ImportError"})
    said = " ".join(f.said for f in found)
    for word in (
        "El último respaldo bueno es de",
        "libres en el disco",
        "otra forma",
        "300",
        "acme",
        "Se cayó: el cable",
    ):
        assert word in said
    assert all(f.todo for f in found)
    assert "Escriba el PIN." in [f.todo for f in found]
    assert [f.state for f in found] == sorted((f.state for f in found), key=lambda s: s != "bad")


@pytest.mark.postgresql
@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_postgresql_without_its_tools_is_said_on_the_screen_and_by_the_command(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Instead of a backup that does not come."""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Refused, match=r"pg_dump.*postgresql-client"):
        await asyncio.to_thread(backup_now, world.office.settings)
    client = await world.client_as("irene")
    assert "Instale postgresql-client" in (await client.get("/sistema/respaldos")).text
    asked = await client.post("/sistema/respaldos")
    assert (asked.status_code, "Instale postgresql-client" in asked.text) == (422, True)


@pytest.mark.sqlite_only
async def test_it_reads_in_english_too(world: World) -> None:
    async with world.office.database.unit() as db:
        (await people.get_person(db, world.irene)).locale = "en"
    client = await world.client_as("irene")
    text = (await client.get("/sistema")).text
    assert "Tasks and connections" in text
    assert "Tareas y conexiones" not in text


@pytest.mark.sqlite_only
async def test_a_drill_without_a_backup_says_what_comes_first(world: World) -> None:
    client = await world.client_as("irene")
    answer = await client.post("/sistema/simulacros")
    assert answer.status_code == 422
    assert "Haga uno antes" in answer.text
