"""Whoever follows any link of any page arrives somewhere: no dead end, no closed door that was offered, no crash."""

import pytest

from tests.journeys.places import kind_of, places_in, walk
from tests.world import PEOPLE

SPANISH = ("Guardar", "Cancelar", "Contactos", "Personas", "Nuevo", "Buscar", "Estado", "Sistema", "Ajustes")
ENGLISH = """/ /contactos /contactos/1 /contactos/nuevo /personas /ajustes /sistema /auditoria /dispositivos
    /sistema/respaldos /personas/permisos /nada""".split()


@pytest.mark.sqlite_only
@pytest.mark.slow
@pytest.mark.parametrize("who", sorted(PEOPLE))
async def test_it_works(world, who):
    seen = await walk(await world.client_as(who))
    assert seen.seen > 25
    assert seen.bad == {}, "\n".join(f"{path}: {why}" for path, why in seen.bad.items())
    bare = [path for path, text in seen.pages.items() if "</html>" not in text or "<h1" not in text]
    assert bare == [], "a bookmark, a reload or a new tab gets a whole page"


@pytest.mark.sqlite_only
async def test_nothing_is_left_in_spanish_for_who_reads_english(world):
    client = await world.client_as("irene")
    await client.post("/ajustes/idioma", data={"language": "en", "back": "/"})
    for path in ENGLISH:
        page = (await client.get(path)).text
        assert '<html lang="en"' in page, path
        assert [word for word in SPANISH if f">{word}<" in page] == [], path


def test_an_address_in_a_page_is_found():
    page = '<a href="/a?x=1&amp;y=2">a</a><a href="https://x.example">b</a><i hx-get="/c/7"></i><a href="/salir">s</a>'
    assert places_in(page, "/") == {"/a?x=1&y=2", "/c/7"}
    assert kind_of("/c/7?b=1&a=2") == "/c/N?a,b"
