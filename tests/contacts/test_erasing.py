"""A person's data: handed over whole, or gone for good."""

import msgspec
import pytest
from sqlalchemy import select, text

from app.contacts.blocks import block_contact, lift_block
from app.contacts.consent import may_contact
from app.contacts.consents import give_consent
from app.contacts.erasing import certificate_of, erase_person, hand_over
from app.contacts.history import add_event
from app.contacts.merging import merge_contacts, unmerge
from app.contacts.models_consent import Block, Consent
from app.contacts.models_history import Change
from app.contacts.service import change_contact
from app.frame import audit
from app.frame.audit import AuditEntry, plain
from app.frame.db import Base, Database
from app.frame.refused import Forbidden, NotFound, Refused
from tests.contacts.desk import ANA, Desk, number

SECRET, MAIL = "Zoraida Irrepetible", "zoraida@correo.example"


async def somebody(desk: Desk) -> int:
    one = await desk.plant(SECRET, number(1), email=MAIL, notes="alergia al maní", tags=["VIP"])
    async with desk.unit(ANA) as db:
        await change_contact(db, one, {"company": "Irrepetible S. A."})
        add_event(db, one, "calls.ended", "Llamada con Irrepetible")
        await give_consent(db, one, f"mail:{MAIL}", words="Acepto", source="formulario")
    async with desk.unit(ANA) as db:
        block = await block_contact(db, one, reason="Irrepetible no quiere")
    async with desk.unit() as db:
        await lift_block(db, block.id, "Irrepetible cambió de idea")
        await block_contact(db, one, channel="sms", reason="Irrepetible, por SMS")
    return one


async def remains(database: Database, *words: str) -> list[str]:
    """Where one of these words still stands in the whole database."""
    found = []
    async with database.unit(write=False) as db:
        for table in Base.metadata.sorted_tables:
            for row in (await db.execute(select(table))).mappings():
                said = msgspec.json.encode(plain(dict(row))).decode()
                found += [f"{table.name}: {said}" for word in words if word.lower() in said.lower()]
    return found


async def test_it_works(desk: Desk) -> None:
    one = await somebody(desk)
    assert await remains(desk.database, "irrepetible")
    async with desk.unit() as db:
        certificate = await erase_person(db, one, "Carta del 20 de noviembre")
    assert certificate.counts["contact"] == 1
    assert certificate.counts["contact_consent"] == 1
    assert await remains(desk.database, "irrepetible", "maní") == []
    async with desk.unit() as db:
        assert await audit.verify(db) is None, "what was erased does not break the chain"
        assert (await certificate_of(db, certificate.code)).basis == "Carta del 20 de noviembre"


async def test_the_numbers_stay_blocked_and_nothing_else_about_them(desk: Desk) -> None:
    one = await somebody(desk)
    async with desk.unit() as db:
        await erase_person(db, one, "solicitud")
    async with desk.unit() as db:
        blocks = list(await db.scalars(select(Block)))
        assert {b.match for b in blocks} == {f"tel:{number(1)}", f"mail:{MAIL}"} - {None}
        assert {(b.contact_id, b.reason, b.source) for b in blocks} == {(None, "", "erasure")}
        assert (await may_contact(db, number(1), "phone")).code == "blocked"
        assert (await may_contact(db, MAIL, "email")).code == "blocked"


async def test_without_the_list_only_what_was_blocked_before_stays(desk: Desk) -> None:
    one = await somebody(desk)
    async with desk.unit() as db:
        await erase_person(db, one, "solicitud", keep_block=False)
        assert (await may_contact(db, number(1), "sms")).code == "blocked"
        assert (await may_contact(db, number(1), "phone")).code != "blocked"


async def test_the_other_half_of_a_merge_keeps_nothing_of_the_erased(desk: Desk) -> None:
    one, other = await somebody(desk), await desk.plant("Nidia", number(2))
    async with desk.unit() as db:
        merge = await merge_contacts(db, other, one)
    async with desk.unit() as db:
        await unmerge(db, merge.id)
    async with desk.unit() as db:
        await erase_person(db, one, "solicitud", keep_block=False)
    left = await remains(desk.database, "irrepetible", "maní")
    assert [line for line in left if not line.startswith("contact_block:")] == []
    assert (await desk.contact(other)).name == "Nidia"


async def test_whoever_was_merged_goes_along(desk: Desk) -> None:
    a, b, one = await desk.plant("A", number(5)), await desk.plant("B", number(6)), await somebody(desk)
    async with desk.unit() as db:
        await merge_contacts(db, b, one)
        await merge_contacts(db, a, b)
    async with desk.unit() as db:
        certificate = await erase_person(db, a, "solicitud", keep_block=False)
        assert certificate.counts["contact"] == 3
        assert list(await db.scalars(select(Change))) == []
        assert list(await db.scalars(select(Consent))) == []


async def test_handing_over_gives_everything_and_changes_nothing(desk: Desk) -> None:
    one = await somebody(desk)
    async with desk.unit() as db:
        data, certificate = await hand_over(db, one, "solicitud")
    assert data["contact"]["name"] == SECRET
    assert data["contact"]["addresses"][1]["value"] == MAIL
    assert [e["title"] for e in data["events"]] == ["Llamada con Irrepetible"]
    assert [c["words"] for c in data["consents"]] == ["Acepto"]
    assert len(data["do_not_contact"]) == 2
    assert (certificate.kind, certificate.counts["changes"]) == ("export", len(data["changes"]))
    assert (await desk.contact(one)).name == SECRET


async def test_only_with_the_right_and_a_reason(desk: Desk) -> None:
    one = await somebody(desk)
    async with desk.unit(ANA) as db:
        for verb in (hand_over, erase_person):
            with pytest.raises(Forbidden):
                await verb(db, one, "solicitud")
    async with desk.unit() as db:
        with pytest.raises(Refused):
            await erase_person(db, one, " ")
        with pytest.raises(NotFound):
            await certificate_of(db, "20261121-nadie")
    assert (await desk.contact(one)).name == SECRET


async def test_the_audit_keeps_who_did_what_without_the_person(desk: Desk) -> None:
    one = await somebody(desk)
    async with desk.unit() as db:
        await erase_person(db, one, "solicitud")
    async with desk.unit() as db:
        lines = list(await db.scalars(select(AuditEntry).where(AuditEntry.noun == "contact")))
        assert "contacts.created" in {line.verb for line in lines}
        assert all(line.erased and line.before is None and line.after is None for line in lines)


@pytest.mark.sqlite_only
async def test_the_search_index_forgets_as_well(desk: Desk) -> None:
    one = await somebody(desk)
    found = text("SELECT count(*) FROM contact_fragment WHERE contact_fragment MATCH '\"irr\" AND \"epe\"'")
    async with desk.unit() as db:
        assert await db.scalar(found) == 1
        await erase_person(db, one, "solicitud")
        assert await db.scalar(found) == 0
