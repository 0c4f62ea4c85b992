"""/api/v1/contacts as its document promises: list, read, write, lock."""

import asyncio
from typing import Any

import pytest

from app.contacts.fields import define_field
from tests.world import World

V1 = "/api/v1/contacts"
FIELDS = set(
    """id name company phone addresses status notes tags owner team custom provenance version created_at
    updated_at""".split()
)


@pytest.fixture
async def api(world: World) -> Any:
    return await world.api_as("diego")


async def made(api: Any, name: str = "Marvin Quésada", phone: str = "8812 3456", **more: Any) -> dict[str, Any]:
    answer = await api.post(V1, json={"name": name, "phone": phone} | more)
    assert answer.status_code == 201, answer.text
    contact: dict[str, Any] = answer.json()
    return contact


async def test_it_works(api: Any) -> None:
    answer = await api.post(
        V1, json={"name": "Marvin", "phone": "(506) 8812-3456", "email": "M@x.example", "tags": ["vip"]}
    )
    assert answer.status_code == 201
    contact = answer.json()
    assert set(contact) >= FIELDS
    assert (contact["phone"], contact["provenance"], contact["version"]) == ("+50688123456", "api", 1)
    assert [a["value"] for a in contact["addresses"]] == ["+50688123456", "m@x.example"]
    assert answer.headers["location"] == f"{V1}/{contact['id']}"
    read = await api.get(f"{V1}/{contact['id']}")
    assert read.json() == contact
    assert read.headers["etag"] == '"1"'
    listed = (await api.get(V1)).json()
    assert (listed["items"], listed["next"]) == ([contact], None)


async def test_a_list_is_filtered_and_paged_without_a_gap(world: World, api: Any) -> None:
    first = await made(api, "Nidia Arce", "8812 0000", status="INTERESADO", owner=world.ana, tags=["pyme"])
    others = [await made(api, f"Cliente {n}", f"8812 000{n}") for n in range(1, 5)]
    for query in ("q=nidia", "status=INTERESADO", f"owner={world.ana}", "tag=pyme", "q=88120000"):
        assert [c["id"] for c in (await api.get(f"{V1}?{query}")).json()["items"]] == [first["id"]], query
    seen, after = [], ""
    while after is not None:
        page = (await api.get(V1, params={"limit": 2, "after": after})).json()
        seen, after = seen + [c["id"] for c in page["items"]], page["next"]
    assert sorted(seen) == sorted([first["id"], *(c["id"] for c in others)])
    since = {"updated_since": others[-1]["updated_at"]}
    assert [c["id"] for c in (await api.get(V1, params=since)).json()["items"]] == [others[-1]["id"]]


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [("status=INTERESADO,NADA", "status", "INTERESADO"), ("owner=ana", "owner", ""), ("team=ventas", "team", ""),
     ("provenance=nowhere", "provenance", "")],
)  # fmt: skip
async def test_a_filter_that_means_nothing_is_said_and_not_an_empty_list(
    api: Any, query: str, field: str, said: str
) -> None:
    for path in (V1, "/api/v1/exports"):
        answer = await api.get(f"{path}?{query}")
        assert answer.status_code == 422, answer.text
        [error] = answer.json()["errors"]
        assert error["field"] == field
        assert said in error["detail"]


async def test_a_status_is_known_however_it_is_written(api: Any) -> None:
    one = await made(api, status="SIN_GESTIONAR")
    for written in ("SIN_GESTIONAR", "sin gestionar", "interesado,Sin_Gestionar"):
        assert [c["id"] for c in (await api.get(V1, params={"status": written})).json()["items"]] == [one["id"]]


async def test_every_wrong_field_has_its_reason_at_once(api: Any) -> None:
    wrong = {"name": "Nidia", "phone": "123", "email": "nadie@", "status": "NADA", "custom": {"no": 1, "tampoco": 2}}
    for answer in (await api.post(V1, json=wrong), await api.patch(f"{V1}/{(await made(api))['id']}", json=wrong)):
        assert answer.status_code == 422
        fields = {error["field"] for error in answer.json()["errors"]}
        assert fields == {"phone", "email", "status", "custom.no", "custom.tampoco"}
    shapeless = {"name": 5, "tags": "vip", "owner": "ana", "apodo": "Nidi"}
    for answer in (await api.post(V1, json=shapeless), await api.patch(f"{V1}/1", json=shapeless)):
        assert answer.status_code == 422
        assert {error["field"] for error in answer.json()["errors"]} == set(shapeless)


@pytest.mark.sqlite_only
async def test_a_number_or_e_mail_that_somebody_has_is_409_with_their_id(api: Any) -> None:
    contact = await made(api, email="marvin@x.example")
    for typed in ({"phone": "+506 8812 3456"}, {"email": "MARVIN@x.example"}):
        taken = await api.post(V1, json={"name": "Otro"} | typed)
        assert (taken.status_code, taken.json()["contact_id"]) == (409, contact["id"]), typed
        assert taken.headers["content-type"].startswith("application/problem+json")


@pytest.mark.sqlite_only
async def test_only_what_is_given_changes_and_a_stale_etag_changes_nothing(api: Any) -> None:
    contact = await made(api, notes="Llamar tarde")
    url = f"{V1}/{contact['id']}"
    changed = await api.patch(url, json={"name": "Marvin"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["name"], changed.json()["notes"]) == (200, "Marvin", "Llamar tarde")
    assert changed.headers["etag"] == '"2"'
    stale = await api.patch(url, json={"name": "Perdido"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["version"]) == (412, 2)
    assert (await api.delete(url, headers={"If-Match": '"1"'})).status_code == 412
    assert (await api.get(url)).json()["name"] == "Marvin"
    assert (await api.delete(url)).status_code == 204
    assert (await api.get(url)).status_code == 404


@pytest.mark.sqlite_only
async def test_every_wrong_field_has_its_reason(api: Any) -> None:
    wrong = await api.post(V1, json={"name": "X", "phone": "123", "email": "nadie@"})
    assert wrong.status_code == 422
    assert {e["field"] for e in wrong.json()["errors"]} == {"phone", "email"}
    assert all(e["detail"] for e in wrong.json()["errors"])
    for body, field in (
        ({"nombre": "X"}, "nombre"),
        ({"name": 7}, "name"),
        ({"name": "X", "status": "NADA"}, "status"),
    ):
        answer = await api.post(V1, json=body)
        assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, [field]), body
    odd = await api.post(V1, json={"name": "X", "addresses": [{"channel": "paloma", "value": "mensajera"}]})
    assert odd.status_code == 422, "a channel that nobody knows reaches nobody"


@pytest.mark.sqlite_only
async def test_the_same_key_creates_once(api: Any) -> None:
    body, headers = {"name": "Marvin", "phone": "8812 3456"}, {"Idempotency-Key": "una-vez"}
    answers = await asyncio.gather(*(api.post(V1, json=body, headers=headers) for _ in range(3)))
    again = await api.post(V1, json=body, headers=headers)
    assert again.status_code == 201
    assert {a.json()["id"] for a in [*answers, again] if a.status_code == 201} == {again.json()["id"]}
    assert len((await api.get(V1)).json()["items"]) == 1


@pytest.mark.sqlite_only
async def test_a_lock_holds_others_back_until_it_is_given_back(world: World, api: Any) -> None:
    contact, irene = await made(api), await world.api_as("irene")
    url = f"{V1}/{contact['id']}"
    held = await api.post(f"{url}/lock")
    assert (held.status_code, held.json()["locked_by"]) == (200, "Diego Rojas")
    refused = await irene.post(f"{url}/lock")
    assert (refused.status_code, refused.json()["locked_by"]) == (409, "Diego Rojas")
    assert (await irene.patch(url, json={"name": "Otra"})).status_code == 409
    assert (await api.delete(f"{url}/lock")).status_code == 204
    assert (await irene.patch(url, json={"name": "Otra"})).status_code == 200


@pytest.mark.sqlite_only
async def test_a_key_reaches_what_its_person_does(world: World, api: Any) -> None:
    theirs = await made(api, team=world.teams["Soporte"])
    ana = await world.api_as("ana")
    assert (await ana.get(V1)).json()["items"] == []
    for answer in (
        await ana.get(f"{V1}/{theirs['id']}"),
        await ana.patch(f"{V1}/{theirs['id']}", json={"name": "Mío"}),
        await ana.post(f"{V1}/{theirs['id']}/lock"),
    ):
        assert answer.status_code == 404
    assert (await ana.delete(f"{V1}/{theirs['id']}")).status_code == 403


async def test_own_fields_that_are_not_given_stay_and_null_clears_one(world: World, api: Any) -> None:
    async with world.office.database.unit(actor=await world.actor("diego")) as db:
        for title in ("Cédula", "Plan"):
            await define_field(db, title, "text")
    contact = await made(api, custom={"cedula": "1-1111", "plan": "Oro"})
    url = f"{V1}/{contact['id']}"
    assert (await api.patch(url, json={"custom": {"plan": "Plata"}})).json()["custom"] == {
        "cedula": "1-1111",
        "plan": "Plata",
    }
    assert (await api.patch(url, json={"custom": {"cedula": None}})).json()["custom"] == {"plan": "Plata"}
    assert (await api.patch(url, json={"name": "Marvin"})).json()["custom"] == {"plan": "Plata"}


@pytest.mark.sqlite_only
async def test_every_error_is_a_problem_of_rfc_9457(world: World, api: Any, client: Any) -> None:
    contact, ana = await made(api), await world.api_as("ana")
    url = f"{V1}/{contact['id']}"
    answers = {
        400: await api.post(V1, content=b"{", headers={"content-type": "application/json"}),
        401: await client.get(V1),
        403: await ana.delete(url),
        404: await api.get(f"{V1}/999999"),
        405: await api.put(url, json={}),
        409: await api.post(V1, json={"name": "Otro", "phone": "8812 3456"}),
        412: await api.patch(url, json={"name": "X"}, headers={"If-Match": '"9"'}),
        422: await api.post(V1, json={"name": "X", "phone": "123"}),
    }
    for status, answer in answers.items():
        problem = answer.json()
        assert (answer.status_code, problem["status"]) == (status, status), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["type"]
        assert problem["title"]
        assert problem["detail"]
    assert [set(error) for error in answers[422].json()["errors"]] == [{"field", "detail"}]
