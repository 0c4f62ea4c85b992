"""GET /contactos: the page, its fragments, what it says when there is nothing."""

import re

import pytest

from app.contacts.service import change_contact
from app.frame.actor import SYSTEM
from tests.contacts.pages.conftest import shown

LIST = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "section#list"}


async def test_it_works(world, plant):
    one = await plant("Marvin Quesada", phone="8812 3456", company="Taller Quesada", owner="ana", tags=["vip"])
    answer = await (await world.client_as("diego")).get("/contactos")
    assert answer.status_code == 200
    assert shown(answer.text) == [one]
    for said in ('href="tel:+50688123456"', "8812 3456", "Taller Quesada", "Ana Solano", "vip", "Sin gestionar"):
        assert said in answer.text
    assert '<nav class="nav"' in answer.text


async def test_nobody_sees_it_without_coming_in(world, client):
    answer = await client.get("/contactos")
    assert (answer.status_code, answer.headers["location"]) == (303, "/entrar?siguiente=/contactos")


async def test_a_search_answers_rows_and_the_parts_that_change_with_them(world, plant):
    wanted, _other = await plant("José Núñez"), await plant("Marta")
    answer = await (await world.client_as("diego")).partial("/contactos?q=nunez&status=&owner=")
    assert shown(answer.text) == [wanted]
    assert "<html" not in answer.text
    assert re.findall(r'hx-partial hx-target="#(\w+)"', answer.text) == ["chips", "news", "bulkbar", "pulse"]
    assert answer.headers["hx-push-url"] == "/contactos?q=nunez"


async def test_letters_typed_one_after_the_other_are_one_step_of_history(world, plant):
    client = await world.client_as("diego")
    headers = {
        "HX-Request": "true",
        "HX-Request-Type": "partial",
        "HX-Current-URL": "http://office.test/contactos?q=mar",
    }
    answer = await client.get("/contactos?q=marv", headers=headers)
    assert answer.headers["hx-replace-url"] == "/contactos?q=marv"
    answer = await client.get("/contactos?q=mar&status=NC", headers=headers)
    assert answer.headers["hx-push-url"] == "/contactos?q=mar&status=NC"


async def test_a_new_order_answers_the_whole_list(world, plant):
    b, a = await plant("Beatriz"), await plant("Abel")
    answer = await (await world.client_as("diego")).get("/contactos?sort=name", headers=LIST)
    assert shown(answer.text) == [a, b]
    assert answer.text.lstrip().startswith('<section class="panel" id="list"')
    assert 'aria-sort="ascending"' in answer.text


async def test_a_filter_shows_as_a_chip_that_can_be_quit(world, plant):
    await plant("Marta", status="NC")
    answer = await (await world.client_as("diego")).get("/contactos?status=NC&sort=name")
    chip = re.search(r'<span class="chip on" id="chip-status">.*?</span>', answer.text, re.S)
    assert chip
    assert "Estado: No contesta" in chip.group()
    assert 'href="/contactos?sort=name"' in chip.group()


async def test_a_filter_that_makes_no_sense_is_refused_with_its_name(world):
    answer = await (await world.client_as("diego")).get("/contactos?created_from=ayer")
    assert answer.status_code == 422
    assert "created_from" in answer.text


async def test_an_office_without_contacts_says_what_to_do(world):
    answer = await (await world.client_as("diego")).get("/contactos")
    assert "Aún no hay contactos" in answer.text
    assert 'href="/contactos/importaciones/nueva"' in answer.text


async def test_an_agent_without_contacts_is_told_where_they_come_from(world, plant):
    await plant("De Beto", owner="beto", team="Soporte")
    answer = await (await world.client_as("ana")).get("/contactos")
    assert shown(answer.text) == []
    assert "Aún no tiene contactos a su alcance" in answer.text


async def test_a_search_without_result_repeats_it_and_offers_to_quit(world, plant):
    await plant("Marta")
    answer = await (await world.client_as("diego")).get("/contactos?q=zzz&sort=name")
    assert "Nadie coincide con «zzz»" in answer.text
    assert 'hx-get="/contactos?sort=name"' in answer.text


async def test_names_of_contacts_cannot_become_markup(world, plant):
    await plant("<b>Eva</b>", company='"><script>x</script>')
    text = (await (await world.client_as("diego")).get("/contactos")).text
    assert "<b>Eva" not in text
    assert "<script>x" not in text
    assert "&lt;b&gt;Eva" in text


async def test_each_language_has_its_own_rows(world, plant):
    await plant("Marta")
    client = await world.client_as("diego")
    assert "Unmanaged" not in (await client.get("/contactos")).text
    english = await client.get("/contactos", headers={"Accept-Language": "en"})
    assert "Mark Marta" in english.text
    assert "Marcar a Marta" in (await client.get("/contactos")).text


async def test_a_changed_contact_is_rendered_anew(world, plant):
    one = await plant("Marta")
    client = await world.client_as("diego")
    await client.get("/contactos")
    async with world.office.database.unit(actor=SYSTEM) as db:
        await change_contact(db, one, {"name": "Marta Brenes"})
    assert "Marta Brenes" in (await client.get("/contactos")).text


@pytest.mark.parametrize(
    "query",
    [
        "import_id=99999999999999999999999", "owner=²", "owner=99999999999999999999", "ids=1,x", "ids=-4", "status=%00",
        "q=%22%27%29%3B--", "q=%E2%80%8B", "tag=" + "a" * 3000, "sort=nonsense", "vista=²", "after=zzz", "has=nonsense",
        "&".join(f"status=S{i}" for i in range(60)), "created_from=9999-12-31", "created_to=9999-12-31", "cols=,,x",
    ],
)  # fmt: skip
async def test_no_address_breaks_the_page(world, plant, query):
    await plant("Marta")
    client = await world.client_as("diego")
    for answer in (
        await client.get(f"/contactos?{query}"),
        await client.partial(f"/contactos/pulso?{query}&desde=²&v=x"),
    ):
        assert answer.status_code in (200, 422), query


async def test_a_list_of_marks_is_a_filter(world, plant):
    first, _second, third = [await plant(name) for name in ("Ana", "Beto", "Carla")]
    client = await world.client_as("diego")
    assert sorted(shown((await client.get(f"/contactos?ids={first},{third}")).text)) == [first, third]
    assert (await client.get("/contactos?ids=" + ",".join(map(str, range(600))))).status_code == 422
