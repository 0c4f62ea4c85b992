"""Markup, formulas and odd characters in every field: shown as text, kept as text, or refused with a sentence."""

from typing import Any

import pytest

ATTACK = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"
RAW = ("<img src=x", "<script>alert", "onerror=alert(1)>")
ODD = (
    "😀 Ana 👩‍👩‍👧",
    "\u202eavaB",
    "Ñandú\u0301 e\u0301",
    "\ufeffAna",
    "A" * 199,
    "'; DROP TABLE contacts; --",
    "${7*7}{{7*7}}",
)


async def contact(api: Any, **fields: Any) -> dict[str, Any]:
    answer = await api.post("/api/v1/contacts", json=fields)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.mark.sqlite_only
async def test_it_works(world):
    """What somebody typed is never markup, on any page that shows it."""
    api, client = await world.api_as("irene"), await world.client_as("irene")
    made = await contact(api, name=ATTACK, company=ATTACK, notes=ATTACK, tags=[ATTACK[:60]], email="a@b.example")
    await api.patch(f"/api/v1/contacts/{made['id']}", json={"name": ATTACK + "2", "notes": ATTACK + "2"})
    for path, data in (
        ("/personas", {"name": ATTACK, "email": "x@irazu.example", "role": "agent"}),
        ("/personas/equipos", {"name": ATTACK[:60]}),
        ("/ajustes/claves", {"name": ATTACK[:80]}),
        ("/contactos/vistas", {"name": ATTACK[:60], "filter": "sort=name"}),
        (
            "/ajustes/oficina",
            {"name": ATTACK[:80], "country": "CR", "language": "es", "timezone": "America/Costa_Rica"},
        ),
    ):
        answer = await client.post(path, data=data)
        assert answer.status_code < 500, path
        assert_text(answer.text, path)
    pages = ["/", "/contactos", f"/contactos/{made['id']}", f"/contactos/{made['id']}/historial/name", "/personas",
             f"/contactos/{made['id']}/menu", f"/contactos?q={ATTACK}", f"/contactos?tag={ATTACK[:60]}",
             "/buscar?q=img",
             "/personas/equipos", "/ajustes", "/auditoria", "/ajustes/oficina", "/contactos/lote/tags", "/entrar",
             f"/auditoria?quien={ATTACK}", f"/personas?q={ATTACK}", f"/nada/{ATTACK}", "/contactos/nuevo"]  # fmt: skip
    for path in pages:
        assert_text((await client.get(path)).text, path)
    assert "&lt;img src=x onerror" in (await client.get(f"/contactos/{made['id']}")).text


def assert_text(page: str, path: str) -> None:
    for raw in RAW:
        assert raw not in page, f"{path} shows {raw} as markup"


@pytest.mark.parametrize("text", ODD)
async def test_odd_names_are_kept_as_they_are(world, text):
    api = await world.api_as("irene")
    made = await contact(api, name=text, notes=text, company=text, tags=[text[:60]])
    again = (await api.get(f"/api/v1/contacts/{made['id']}")).json()
    assert (again["name"], again["notes"]) == (" ".join(text.split()), text)
    found = (await api.get("/api/v1/contacts", params={"q": text[:200]})).json()
    assert found["next"] is None
    assert (await api.get("/api/v1/contacts")).json()["items"][0]["id"] == made["id"]


@pytest.mark.parametrize("field", ["name", "company", "notes", "status", "country", "phone", "email"])
async def test_a_nul_is_refused_with_a_sentence_on_both_databases(world, field):
    api = await world.api_as("irene")
    answer = await api.post("/api/v1/contacts", json={"name": "Ana", field: "a\x00b"})
    assert answer.status_code == 422, answer.text
    assert answer.json()["detail"]
    assert (await api.get("/api/v1/contacts")).json()["items"] == []


async def test_a_nul_in_lists_is_refused_too(world):
    api = await world.api_as("irene")
    for extra in ({"tags": ["a\x00b"]}, {"addresses": [{"channel": "telegram", "value": "a\x00b"}]}):
        assert (await api.post("/api/v1/contacts", json={"name": "Ana"} | extra)).status_code == 422, extra


async def test_half_a_character_is_refused_with_a_sentence(world):
    api = await world.api_as("irene")
    answer = await api.post(
        "/api/v1/contacts", content=b'{"name": "\\ud800"}', headers={"content-type": "application/json"}
    )
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]


async def test_sql_in_the_search_box_is_a_word_to_look_for(world):
    api, client = await world.api_as("irene"), await world.client_as("irene")
    await contact(api, name="Rosa Mora")
    for typed in ("' OR 1=1 --", '" OR "" MATCH "', "rosa* OR NEAR(", "%", "_", "name:rosa", "^rosa", "(((", "\\", "*"):
        assert (await api.get("/api/v1/contacts", params={"q": typed})).status_code == 200, typed
        assert (await client.get("/contactos", params={"q": typed})).status_code == 200, typed
    assert (await api.get("/api/v1/contacts", params={"q": "rosa' OR '1'='1 zzz"})).json()["items"] == []
