"""Two contacts become one, and two again."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.contacts.bin import delete_contact
from app.contacts.blocks import block_contact
from app.contacts.consent import may_contact
from app.contacts.history import add_event
from app.contacts.locks import lock_contact
from app.contacts.merging import CHOOSABLE, merge_contacts, merges_of, preview_merge, unmerge
from app.contacts.models import Contact
from app.contacts.models_history import Event
from app.contacts.service import AddressIn, ContactIn, change_contact, create_contact
from app.contacts.writing import snapshot
from app.frame.refused import Conflict, Forbidden, NotFound, Refused
from tests.contacts.desk import ANA, BETO, Desk, agent, number

OPEN = datetime(2026, 11, 24, 16, tzinfo=UTC)


async def shape(desk: Desk, contact_id: int) -> dict[str, object]:
    async with desk.unit(write=False) as db:
        return snapshot(await db.get_one(Contact, contact_id))


async def two(desk: Desk) -> tuple[int, int]:
    one = await desk.plant("Marvin Quesada", number(1), notes="Llama tarde", tags=["VIP"])
    other = await desk.plant("Marvin Q.", number(2), company="Taller Quesada", email="m@taller.example", tags=["Pyme"])
    return one, other


async def test_it_works(desk: Desk) -> None:
    one, other = await two(desk)
    before = await shape(desk, one), await shape(desk, other)
    async with desk.unit(ANA) as db:
        add_event(db, other, "calls.ended", "Llamada")
        merge = await merge_contacts(db, one, other)
    both = await shape(desk, one)
    assert (both["name"], both["company"]) == ("Marvin Quesada", "Taller Quesada"), "blanks are filled"
    assert both["tags"] == ["VIP", "Pyme"]
    assert [a["value"] for a in both["addresses"]] == [number(1), number(2), "m@taller.example"]
    async with desk.unit(ANA) as db:
        with pytest.raises(NotFound):
            await change_contact(db, other, {"notes": "x"})
        assert [e.contact_id for e in await db.scalars(select(Event))] == [one]
        await unmerge(db, merge.id)
    assert (await shape(desk, one), await shape(desk, other)) == before
    async with desk.unit() as db:
        assert [e.contact_id for e in await db.scalars(select(Event))] == [other]
        assert await merges_of(db, one) == []
        with pytest.raises(NotFound):
            await unmerge(db, merge.id)


async def test_no_tag_is_lost_however_many_both_have(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1), tags=[f"a{n}" for n in range(25)])
    other = await desk.plant("M. Q.", number(2), tags=[f"b{n}" for n in range(25)])
    before = await shape(desk, one), await shape(desk, other)
    async with desk.unit(ANA) as db:
        merge = await merge_contacts(db, one, other)
    tags = (await desk.contact(one)).tags
    assert len(tags) == 50
    async with desk.unit(ANA) as db:
        await change_contact(db, one, {"tags": tags, "notes": "the form brings them all again"})
        with pytest.raises(Refused):
            await change_contact(db, one, {"tags": [*tags, "una más"]})
    async with desk.unit(ANA) as db:
        await unmerge(db, merge.id)
    assert (await shape(desk, one), await shape(desk, other))[1] == before[1]
    assert (await shape(desk, one))["tags"] == before[0]["tags"]


async def test_the_preview_is_what_comes_out(desk: Desk) -> None:
    one, other = await two(desk)
    choose = {"name": "gone", "company": "kept"}
    async with desk.unit(ANA) as db:
        preview = await preview_merge(db, one, other, choose)
        assert preview.differ["name"] == ("Marvin Quesada", "Marvin Q.")
        await merge_contacts(db, one, other, choose)
    assert await shape(desk, one) == preview.result


async def test_what_people_changed_since_stays(desk: Desk) -> None:
    one, other = await two(desk)
    async with desk.unit(ANA) as db:
        merge = await merge_contacts(db, one, other)
    async with desk.unit(ANA) as db:
        await change_contact(db, one, {"company": "Taller Quesada e Hijos", "notes": "Llama de mañana"})
    async with desk.unit(ANA) as db:
        await unmerge(db, merge.id)
    kept = await shape(desk, one)
    assert (kept["company"], kept["notes"]) == ("Taller Quesada e Hijos", "Llama de mañana")
    assert kept["tags"] == ["VIP"]


async def test_a_refusal_goes_where_its_person_goes(desk: Desk) -> None:
    one, other = await two(desk)
    async with desk.unit() as db:
        await block_contact(db, other)
        merge = await merge_contacts(db, one, other)
    assert (await desk.contact(one)).blocked
    assert await _allowed(desk, number(1), number(2)) == [False, False]
    async with desk.unit() as db:
        await unmerge(db, merge.id)
    assert await _allowed(desk, number(1), number(2)) == [True, False]
    assert ((await desk.contact(one)).blocked, (await desk.contact(other)).blocked) == (False, True)


async def test_what_they_forbade_as_one_holds_for_both(desk: Desk) -> None:
    one, other = await two(desk)
    async with desk.unit() as db:
        merge = await merge_contacts(db, one, other)
    async with desk.unit() as db:
        await block_contact(db, one)
    async with desk.unit() as db:
        await unmerge(db, merge.id)
    assert await _allowed(desk, number(1), number(2)) == [False, False]


async def _allowed(desk: Desk, *phones: str) -> list[bool]:
    async with desk.unit(write=False) as db:
        return [(await may_contact(db, phone, "phone", at=OPEN)).allowed for phone in phones]


async def test_what_cannot_be_merged_says_why(desk: Desk) -> None:
    one, other = await two(desk)
    foreign = await desk.plant("De otro equipo", number(3), team_id=2)
    async with desk.unit(ANA) as db:
        with pytest.raises(Refused):
            await merge_contacts(db, one, one)
        with pytest.raises(NotFound):
            await merge_contacts(db, one, foreign)
    async with desk.unit(agent(5, "Lector", edit="own")) as db:
        with pytest.raises(Forbidden):
            await merge_contacts(db, one, other)
    async with desk.unit() as db:
        await delete_contact(db, other)
    async with desk.unit(ANA) as db:
        with pytest.raises(Conflict):
            await merge_contacts(db, one, other)


async def test_somebody_who_edits_one_of_them_is_not_run_over(desk: Desk) -> None:
    one, other = await two(desk)
    async with desk.unit(BETO) as db:
        await lock_contact(db, other, 10)
    async with desk.unit(ANA) as db:
        with pytest.raises(Conflict) as refused:
            await merge_contacts(db, one, other)
    assert refused.value.extra["locked_by"] == "Beto Chaves"


async def test_a_chain_of_merges_parts_in_its_order(desk: Desk) -> None:
    a, b, c = [await desk.plant(name, number(i)) for i, name in enumerate("ABC")]
    before = [await shape(desk, i) for i in (a, b, c)]
    async with desk.unit() as db:
        first = await merge_contacts(db, b, a)
        second = await merge_contacts(db, c, b)
    async with desk.unit() as db:
        with pytest.raises(NotFound):
            await unmerge(db, first.id)
    async with desk.unit() as db:
        await unmerge(db, second.id)
        await unmerge(db, first.id)
    assert [await shape(desk, i) for i in (a, b, c)] == before


words = st.text("abñé ", max_size=6)
people = st.fixed_dictionaries(
    {"name": st.text("abcñ", min_size=1, max_size=8), "company": words, "notes": words, "is_company": st.booleans(),
     "tags": st.lists(st.sampled_from(["uno", "Dos", "tres"]), unique=True), "country": st.sampled_from(["", "CR"]),
     "owner_id": st.none() | st.integers(1, 3), "team_id": st.none() | st.integers(1, 3)}
)  # fmt: skip


@settings(
    max_examples=12, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(one=people, other=people, choose=st.dictionaries(st.sampled_from(CHOOSABLE), st.just("gone")))
async def test_any_two_come_back_as_they_were(desk: Desk, one: dict, other: dict, choose: dict[str, str]) -> None:
    await desk.clear()
    async with desk.unit() as db:
        ids = [
            (await create_contact(db, ContactIn(addresses=[AddressIn("phone", number(i))], **given))).id
            for i, given in enumerate((one, other))
        ]
    before = [await shape(desk, i) for i in ids]
    async with desk.unit() as db:
        merge = await merge_contacts(db, *ids, choose)
    async with desk.unit() as db:
        await unmerge(db, merge.id)
    assert [await shape(desk, i) for i in ids] == before
