"""Input that nobody types: answered with a sentence, never a crash."""

import pytest

HUGE = "9" * 23
GETS = (
    f"/personas/{HUGE}",
    f"/personas?desde={HUGE}",
    "/personas?q=%00&rol=%00",
    "/auditoria?q=%00&accion=%00",
    f"/auditoria?antes={HUGE}",
    "/invitacion/%00",
    "/entrar?siguiente=%00",
    "/idioma/%00",
    "/ajustes/oficina/zona?country=%00",
)
POSTS = (
    ("/entrar", {"name": "\0", "password": "y"}),
    ("/entrar", {"name": "x" * 300, "password": "y"}),
    ("/personas", {"name": "a\0b", "email": "q@x.example", "role": "agent"}),
    ("/personas", {"name": "abc", "email": "q\0@x.example", "role": "agent"}),
    ("/personas", {"name": "abc", "email": "z@x.example", "role": "agent", "team_ids": HUGE}),
    ("/personas/equipos", {"name": "a\0b"}),
    ("/ajustes/claves", {"name": "a\0"}),
    ("/ajustes/claves", {"name": "a", "days": HUGE}),
    ("/personas/permisos", {"role": "\0", "permission": "audit.view", "scope": "\0"}),
    ("/ajustes/perfil", {"locale": "\0"}),
    ("/ajustes/tema", {"theme": "\0"}),
)


async def test_it_works(world):
    diego = await world.client_as("diego")
    for path in GETS:
        assert (await diego.get(path)).status_code < 500, path


@pytest.mark.parametrize("number", range(len(POSTS)))
async def test_forms(world, number):
    path, data = POSTS[number]
    diego = await world.client_as("diego")
    assert (await diego.post(path, data=data)).status_code < 500


async def test_the_api(client, world):
    for body in ({"username": "\0", "password": "x"}, {"username": "ana", "password": "\0"}):
        answer = await client.post("/login", json=body)
        assert answer.status_code in (401, 422)
        assert answer.json()["detail"]
    async with await world.api_as("diego") as program:
        for query in ("q=%00", f"after={HUGE}", "after=9999999999999999999"):
            assert (await program.get(f"/api/v1/people?{query}")).status_code < 500
