"""The list and the export of the API take every filter that the page's list takes, and mean the same by it."""

import csv
import io
from typing import Any, get_args

import pytest

from app.contacts.api.asked import Sort
from app.contacts.filters import SORTS, Filters
from app.contacts.service import AddressIn, ContactIn, create_contact
from app.frame.actor import SYSTEM
from tests.world import World

V1 = "/api/v1"
NOT_ASKED = {"binned", "after_id"}  # the bin is not exported; the cursor is `after`
PAGING = {"limit", "after"}
PLANTED = (
    ("Marvin", "8812 3456", "CR", "manual"),
    ("Nidia", "", "CR", "manual"),
    ("Octavio", "+52 55 1234 5678", "MX", "generated"),
)


@pytest.fixture
async def api(world: World) -> Any:
    for name, phone, country, provenance in PLANTED:
        addresses = [AddressIn("phone", phone)] if phone else [AddressIn("email", f"{name.lower()}@correo.example")]
        async with world.office.database.unit(actor=SYSTEM) as db:
            given = ContactIn(name=name, country=country, addresses=addresses)
            await create_contact(db, given, provenance=provenance)
    return await world.api_as("diego")


async def listed(api: Any, query: str) -> list[str]:
    answer = await api.get(f"{V1}/contacts?{query}")
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json()["items"]]


async def exported(api: Any, query: str) -> list[str]:
    answer = await api.get(f"{V1}/exports?format=csv&columns=name&{query}")
    assert answer.status_code == 200, answer.text
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    return [row["Nombre"] for row in rows if answer.headers["x-total-count"] != "0"]


async def test_it_works(api: Any) -> None:
    assert await listed(api, "country=mx") == await exported(api, "country=mx") == ["Octavio"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("has=no_phone", ["Nidia"]),
        ("has=phone&sort=-name", ["Octavio", "Marvin"]),
        ("provenance=generated", ["Octavio"]),
        ("blocked=yes", []),
        ("sort=name&blocked=no", ["Marvin", "Nidia", "Octavio"]),
        ("created_from=2020-01-01&created_to=2020-01-02", []),
        ("import_id=7", []),
        ("q=marvin", ["Marvin"]),
    ],
)
async def test_each_narrows_both_alike(api: Any, query: str, names: list[str]) -> None:
    assert await listed(api, query) == await exported(api, query) == names


async def test_only_the_contacts_named(api: Any) -> None:
    found = (await api.get(f"{V1}/contacts?sort=name")).json()["items"]
    query = f"ids={found[0]['id']},{found[2]['id']}&sort=name"
    assert await listed(api, query) == await exported(api, query) == ["Marvin", "Octavio"]


@pytest.mark.parametrize("query", ["has=teeth", "sort=upwards", "ids=a", "blocked=maybe", "created_from=yesterday"])
async def test_what_makes_no_sense_is_refused(api: Any, query: str) -> None:
    for path in ("contacts", "exports"):
        answer = await api.get(f"{V1}/{path}?{query}")
        assert answer.status_code == 422, answer.text


@pytest.mark.sqlite_only
async def test_both_take_what_the_page_takes(api: Any) -> None:
    paths = (await api.get(f"{V1}/openapi.json")).json()["paths"]
    of_list, of_export = (
        {one["name"] for one in paths[f"{V1}/{path}"]["get"]["parameters"]} for path in ("contacts", "exports")
    )
    assert of_list - PAGING == of_export - {"format", "columns"} == set(Filters.__struct_fields__) - NOT_ASKED
    assert set(get_args(Sort)) == {"", *SORTS}
