"""What managers define: statuses, own fields, tags, hours."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.contacts.consent import may_contact
from app.contacts.defining import StatusIn, change_status, define_status
from app.contacts.fields import all_fields, change_field, define_field, move_field
from app.contacts.models import Contact, Status, Tag
from app.contacts.office_hours import forget_week, packs_of, set_week
from app.contacts.retagging import delete_tag, merge_tags, rename_tag, tag_uses
from app.contacts.service import change_contact
from app.contacts.statuses import START, all_statuses
from app.contacts.undoing import undo_batch
from app.frame.refused import Conflict, Forbidden, NotFound, Refused
from tests.contacts.desk import ANA, Desk, number


async def status_id(desk: Desk, code: str) -> int:
    async with desk.unit(write=False) as db:
        return await db.scalar(select(Status.id).where(Status.code == code)) or 0


async def tag_id(desk: Desk, name: str) -> int:
    async with desk.unit(write=False) as db:
        return await db.scalar(select(Tag.id).where(Tag.name == name)) or 0


async def tags(desk: Desk, contact_id: int) -> list[str]:
    return (await desk.contact(contact_id)).tags


async def test_it_works(desk: Desk) -> None:
    async with desk.unit() as db:
        await define_status(db, StatusIn(code="volver a llamar", title="Volver a llamar", priority=2, kind="warn"))
        assert [s.code for s in await all_statuses(db)][:4] == ["NC", "CUELGA", "VOLVER_A_LLAMAR", "SIN_GESTIONAR"]
    one = await desk.plant("Marvin", number(1), status="volver a llamar")
    assert (await desk.contact(one)).status.title == "Volver a llamar"


async def test_a_code_in_use_does_not_change(desk: Desk) -> None:
    await desk.plant("Marvin", number(1), status="NC")
    nc, hangs = await status_id(desk, "NC"), await status_id(desk, "CUELGA")
    async with desk.unit() as db:
        with pytest.raises(Conflict):
            await change_status(db, nc, StatusIn(code="NO_CONTESTA", title="No contesta", active=True))
    async with desk.unit() as db:
        await change_status(db, hangs, StatusIn(code="corta", title="Corta", active=True))
        await change_status(db, nc, StatusIn(code="NC", title="No responde", priority=1, active=False))
        found = {s.code: s for s in await all_statuses(db)}
        assert (found["CORTA"].title, found["NC"].title, found["NC"].active) == ("Corta", "No responde", False)


@pytest.mark.parametrize(
    "wrong",
    [{"title": " "}, {"code": "ñandú"}, {"code": "NC"}, {"kind": "rosa"}, {"priority": -1}, {"after_months": 0},
     {"after_months": 3}, {"after_months": 5, "protected": True}, {"after_months": 900}],
    ids=str,
)  # fmt: skip
@pytest.mark.sqlite_only
async def test_a_wrong_status_says_where(desk: Desk, wrong: dict[str, object]) -> None:
    given = {"code": "NUEVO", "title": "Nuevo", "active": True} | wrong
    async with desk.unit() as db:
        with pytest.raises(Refused) as refused:
            await define_status(db, StatusIn(**given))
    assert refused.value.field in given


async def test_the_first_status_is_never_retired(desk: Desk) -> None:
    first = await status_id(desk, START)
    async with desk.unit() as db:
        with pytest.raises(Refused):
            await change_status(db, first, StatusIn(title="Sin gestionar", active=False))


async def test_a_tag_gets_a_new_name_everywhere_and_back(desk: Desk) -> None:
    one, two = await desk.plant("A", number(1), tags=["Pyme", "VIP"]), await desk.plant("B", number(2), tags=["pyme"])
    async with desk.unit() as db:
        batch = await rename_tag(db, await tag_id(desk, "Pyme"), "PYME 2027")
    assert (await tags(desk, one), await tags(desk, two)) == (["PYME 2027", "VIP"], ["PYME 2027"])
    async with desk.unit(ANA) as db:
        await change_contact(db, two, {"tags": ["otra"]})
    async with desk.unit() as db:
        assert {t.name: t.n for t in await tag_uses(db)} == {"PYME 2027": 1, "VIP": 1, "otra": 1}
        undone = await undo_batch(db, batch.id)
        assert undone.left == [(two, "B", "tags")]
    assert (await tags(desk, one), await tags(desk, two)) == (["Pyme", "VIP"], ["otra"])


async def test_only_the_accents_of_a_tag_change(desk: Desk) -> None:
    one = await desk.plant("A", number(1), tags=["peninsula"])
    async with desk.unit() as db:
        await rename_tag(db, await tag_id(desk, "peninsula"), "Península")
    assert await tags(desk, one) == ["Península"]
    assert "peninsula" in (await desk.contact(one)).search


async def test_two_tags_become_one_and_a_third_goes(desk: Desk) -> None:
    both, only = await desk.plant("A", number(1), tags=["VIP", "Oro"]), await desk.plant("B", number(2), tags=["VIP"])
    async with desk.unit() as db:
        with pytest.raises(Refused):
            await rename_tag(db, await tag_id(desk, "VIP"), "ORO")
        await merge_tags(db, await tag_id(desk, "VIP"), await tag_id(desk, "Oro"))
    assert (await tags(desk, both), await tags(desk, only)) == (["Oro"], ["Oro"])
    async with desk.unit() as db:
        await delete_tag(db, await tag_id(desk, "Oro"))
        assert await tag_uses(db) == []
        assert list(await db.scalars(select(Contact.tags))) == [[], []]
        with pytest.raises(NotFound):
            await delete_tag(db, 999)


async def test_fields_are_ordered_and_keep_what_was_written(desk: Desk) -> None:
    async with desk.unit() as db:
        first, second = await define_field(db, "Cédula", "text"), await define_field(db, "Plan", "choice", ["A", "B"])
        await move_field(db, second.id, up=True)
        assert [f.key for f in await all_fields(db)] == ["plan", "cedula"]
        await move_field(db, second.id, up=True)
        assert [f.key for f in await all_fields(db)] == ["plan", "cedula"], "it is the first already"
    one = await desk.plant("Marvin", number(1), custom={"plan": "a", "cedula": "1-1"})
    async with desk.unit() as db:
        await change_field(db, second.id, title="Plan", choices=["B", "C"])
        await change_contact(db, one, {"custom": {"plan": "A", "cedula": "2-2"}})
        with pytest.raises(Refused):
            await change_contact(db, one, {"custom": {"plan": "Z"}})
    assert (await desk.contact(one)).custom == {"plan": "A", "cedula": "2-2"}
    assert first.position != second.position


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [("number", "1 234,5", 1234.5), ("number", "1,234", 1.234), ("number", "12", 12),
     ("date", "24/11/2026", "2026-11-24"),
     ("date", "2026-11-24", "2026-11-24"), ("yesno", "Sí", True), ("yesno", "no", False), ("text", " hola ", "hola"),
     ("choice", "FIBRA", "Fibra")],
)  # fmt: skip
@pytest.mark.sqlite_only
async def test_a_value_is_what_its_kind_says(desk: Desk, kind: str, typed: str, value: object) -> None:
    async with desk.unit() as db:
        await define_field(db, "Dato", kind, ["Fibra", "Cable"])
    one = await desk.plant("Marvin", number(1), custom={"dato": typed})
    assert (await desk.contact(one)).custom == {"dato": value}


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("number", "doce"), ("number", "nan"), ("date", "31/02/2026"), ("yesno", "quizá"), ("choice", "Cobre")],
)
@pytest.mark.sqlite_only
async def test_a_wrong_value_names_its_field(desk: Desk, kind: str, typed: str) -> None:
    async with desk.unit() as db:
        await define_field(db, "Dato", kind, ["Fibra", "Cable"])
    with pytest.raises(Refused) as refused:
        await desk.plant("Marvin", number(1), custom={"dato": typed})
    assert refused.value.field == "custom.dato"


async def test_the_office_has_hours_of_its_own(desk: Desk) -> None:
    late = datetime(2026, 11, 25, 4, tzinfo=UTC)  # ten at night in Costa Rica
    await desk.plant("Marvin", number(1), country="CR")
    async with desk.unit() as db:
        assert not (await may_contact(db, number(1), "phone", at=late)).allowed
        await set_week(db, "CR", "service", {"weekday": "06:00-12:00, 13:00 - 23:30", "saturday": "08:00-12:00"})
    async with desk.unit() as db:
        assert (await may_contact(db, number(1), "phone", at=late)).allowed
        week = (await packs_of(db)).of("CR").purposes["service"]
        assert (week.weekday, week.sunday) == (("06:00-12:00", "13:00-23:30"), ())
        assert (await packs_of(db)).of("MX").purposes["service"].sunday != ()
        await forget_week(db, "CR", "service")
        assert not (await may_contact(db, number(1), "phone", at=late)).allowed


@pytest.mark.parametrize("typed", ["8-12", "25:00-26:00", "13:00-12:00", "todo el día"])
@pytest.mark.sqlite_only
async def test_wrong_hours_name_their_day(desk: Desk, typed: str) -> None:
    async with desk.unit() as db:
        with pytest.raises(Refused) as refused:
            await set_week(db, "CR", "service", {"weekday": "08:00-12:00", "sunday": typed})
        assert refused.value.field == "sunday"
        with pytest.raises(NotFound):
            await set_week(db, "XX", "service", {})


async def test_agents_define_nothing(desk: Desk) -> None:
    await desk.plant("Marvin", number(1), tags=["VIP"])
    vip, nc = await tag_id(desk, "VIP"), await status_id(desk, "NC")
    async with desk.unit(ANA) as db:
        for forbidden in (
            define_status(db, StatusIn(code="X", title="X")), change_status(db, nc, StatusIn(title="X")),
            rename_tag(db, vip, "X"), delete_tag(db, vip), merge_tags(db, vip, vip), define_field(db, "X", "text"),
            move_field(db, 1, up=True), set_week(db, "CR", "service", {}), forget_week(db, "CR", "service"),
        ):  # fmt: skip
            with pytest.raises(Forbidden):
                await forbidden
