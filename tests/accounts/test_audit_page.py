"""The audit page."""

import csv
import io

from sqlalchemy import delete, select, update

from app.accounts import chain
from app.accounts.jobs import walk_chain
from app.accounts.trail import harmless, verbs
from app.frame.actor import SYSTEM
from app.frame.audit import AuditEntry, record
from app.frame.jobs import Work


async def note(office, n, verb="test.done"):
    async with office.database.unit(actor=SYSTEM) as db:
        for i in range(n):
            record(db, verb, "thing", i, before={"name": f"old {i}"}, after={"name": f"new {i}", "kept": 1})


async def test_it_works(world, office):
    await note(office, 1)
    page = (await (await world.client_as("irene")).get("/auditoria?accion=test.done")).text
    assert "<del>old 0</del>" in page
    assert "<ins>new 0</ins>" in page


async def test_pages_follow_each_other_without_a_gap(world, office):
    await note(office, 120)
    irene = await world.client_as("irene")
    seen, url = [], "/auditoria?accion=test.done&antes=999999"
    while url:
        text = (await irene.partial(url)).text
        seen += [part.split('"')[0] for part in text.split('id="audit-')[1:]]
        url = text.split('hx-get="')[1].split('"')[0].replace("&amp;", "&") if "more-edge" in text else ""
    assert len(seen) == len(set(seen)) == 120


async def test_filters_narrow(world, office):
    await note(office, 3)
    irene = await world.client_as("irene")
    assert (await irene.get("/auditoria?objeto=thing&numero=2")).text.count('id="audit-') == 1
    assert "Nada coincide" in (await irene.get("/auditoria?desde=2001-01-01&hasta=2001-01-02")).text
    assert (await irene.get("/auditoria?q=test.do&quien=")).text.count('id="audit-') == 3
    assert (await irene.get("/auditoria?desde=no&quien=x&antes=%00")).status_code == 200


async def test_the_filter_offers_every_verb_once(world, office):
    await note(office, 3)
    async with office.database.unit(write=False) as db:
        offered = await verbs(db)
        there = set(await db.scalars(select(AuditEntry.verb)))
    assert offered == sorted(there)
    assert "test.done" in offered


async def test_the_export_is_harmless_csv_and_is_itself_noted(world, office):
    async with office.database.unit(actor=SYSTEM) as db:
        record(db, "test.done", "thing", "=1+1", after={"a": 1})
    irene = await world.client_as("irene")
    answer = await irene.get("/auditoria/exportar?accion=test.done")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert rows[1][5:8] == ["test.done", "thing", "'=1+1"]
    async with office.database.unit(write=False) as db:
        entry = await db.scalar(select(AuditEntry).where(AuditEntry.verb == "audit.exported"))
    assert entry.after == {"verb": "test.done"}


async def walked(office):
    await walk_chain(Work(office), "now")
    async with office.database.unit(write=False) as db:
        return await chain.read_state(db)


async def test_the_chain_is_walked_whole_and_the_page_says_so(world, office):
    await note(office, 450)
    state = await walked(office)
    assert state.broken is None
    assert state.lines > 450
    assert "Cadena íntegra" in (await (await world.client_as("irene")).get("/auditoria")).text


async def test_a_changed_line_shows(world, office):
    await note(office, 5)
    async with office.database.unit() as db:
        target = await db.scalar(select(AuditEntry.id).where(AuditEntry.noun_id == "3"))
        await db.execute(update(AuditEntry).where(AuditEntry.id == target).values(who="Nadie"))
    assert (await walked(office)).broken == target
    assert "alterada" in (await (await world.client_as("irene")).get("/auditoria")).text


async def test_a_cut_off_end_shows_and_keeps_showing(world, office):
    await note(office, 5)
    last = (await walked(office)).last_id
    async with office.database.unit() as db:
        await db.execute(delete(AuditEntry).where(AuditEntry.id == last))
    assert (await walked(office)).broken == last
    assert (await walked(office)).broken == last


async def test_verify_now_asks_for_the_job(world, office):
    irene = await world.client_as("irene")
    assert (await irene.post("/auditoria/cadena")).status_code == 200


def test_formulas_lose_their_force():
    assert [harmless(t) for t in ("=1", "+5", "-x", "@a", "ok")] == ["'=1", "'+5", "'-x", "'@a", "ok"]
