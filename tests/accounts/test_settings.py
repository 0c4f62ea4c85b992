"""One's own settings."""

from app.accounts import people
from app.accounts.service import person_name
from tests.world import PASSWORD

NEW = "cinco perros en la playa"


async def test_it_works(world):
    ana = await world.client_as("ana")
    page = await ana.get("/ajustes")
    assert page.status_code == 200
    for words in ("Presentación", "Contraseña", "Verificación en dos pasos", "Sesiones abiertas", "Claves de API"):
        assert words in page.text


async def test_language_and_theme_are_kept_with_the_account(world):
    ana = await world.client_as("ana")
    await ana.post("/ajustes/perfil", data={"locale": "en", "theme": "dark", "single_keys": "true"})
    page = await ana.get("/ajustes")
    assert "Open sessions" in page.text
    assert 'data-theme="dark"' in page.text


async def test_the_shells_switches_are_kept_too(world):
    ana = await world.client_as("ana")
    assert (await ana.post("/ajustes/tema", data={"theme": "light"})).status_code == 204
    assert (await ana.post("/ajustes/tema", data={"single_keys": "off"})).status_code == 204
    page = (await ana.get("/ajustes")).text
    assert 'data-theme="light"' in page
    assert 'data-keys="off"' in page
    answer = await ana.post("/ajustes/idioma", data={"language": "en", "back": "/ajustes"})
    assert answer.headers["location"] == "/ajustes"
    assert "Open sessions" in (await ana.get("/ajustes")).text


async def test_before_anybody_came_in_the_language_stays_with_the_browser(client, world):
    assert (await client.get("/idioma/en?volver=/entrar")).headers["location"] == "/entrar"
    assert "Log in" in (await client.get("/entrar")).text or "Password" in (await client.get("/entrar")).text
    assert (await client.get("/idioma/en?volver=//evil.example")).headers["location"] == "/entrar"


async def test_a_new_password_closes_the_other_sessions_and_keeps_this_one(world):
    one, other = await world.client_as("ana"), await world.client_as("ana")
    answer = await one.post("/ajustes/clave", data={"current": PASSWORD, "password": NEW})
    assert answer.status_code == 200
    assert (await one.get("/ajustes")).status_code == 200
    assert (await other.get("/ajustes")).status_code == 303


async def test_the_current_password_is_asked_and_the_new_one_is_checked(world):
    ana = await world.client_as("ana")
    wrong = await ana.post("/ajustes/clave", data={"current": "no es esta", "password": NEW})
    assert (wrong.status_code, "no es su contraseña actual" in wrong.text) == (422, True)
    weak = await ana.post("/ajustes/clave", data={"current": PASSWORD, "password": "ana-solano-1"})
    assert (weak.status_code, "No use su nombre" in weak.text) == (422, True)
    empty = await ana.post("/ajustes/clave", data={})
    assert empty.status_code == 422


async def test_sessions_are_closed_one_by_one_or_all_others(world, office):
    here, lost, third = [await world.client_as("ana") for _n in range(3)]
    page = (await here.get("/ajustes")).text
    assert page.count("/ajustes/sesiones/") == 3  # two to close, and the button for all
    await here.post("/ajustes/sesiones/cerrar")
    assert (await here.get("/ajustes")).status_code == 200
    for gone in (lost, third):
        assert (await gone.get("/ajustes")).status_code == 303


async def test_nobody_closes_a_session_of_somebody_else(world, office):
    from app.accounts.sessions import sessions_of

    await world.client_as("beto")
    ana = await world.client_as("ana")
    async with office.database.unit(write=False) as db:
        (his,) = await sessions_of(db, world.beto)
    assert (await ana.delete(f"/ajustes/sesiones/{his.id}")).status_code == 404


async def test_a_key_is_shown_once_and_opens_the_api(world):
    diego = await world.client_as("diego")
    data = {"name": "hoja", "days": "30", "narrowed": "true", "scopes": ["audit.view"]}
    answer = await diego.post("/ajustes/claves", data=data)
    key = answer.text.split('id="new-key">')[1].split("<")[0]
    assert key not in (await diego.get("/ajustes")).text
    me = await diego.get("/api/v1/me", headers={"X-API-Key": key})
    assert me.json()["permissions"] == {"audit.view": "all"}


async def test_a_narrowed_key_without_permissions_is_refused(world):
    diego = await world.client_as("diego")
    answer = await diego.post("/ajustes/claves", data={"name": "hoja", "narrowed": "true"})
    assert (answer.status_code, "Marque al menos un permiso" in answer.text) == (422, True)
    assert (await diego.post("/ajustes/claves", data={"name": ""})).status_code == 422
    assert (await diego.post("/ajustes/claves", data={"name": "x", "days": "cien"})).status_code == 422


async def test_who_must_change_the_password_reaches_only_that(world, office):
    async with office.database.unit() as db:
        (await people.get_person(db, world.ana)).must_change_password = True
    ana = await world.client_as("ana")
    assert (await ana.get("/ajustes")).headers["location"] == "/ajustes/clave"
    assert (await ana.get("/ajustes/clave")).status_code == 200
    done = await ana.post("/ajustes/clave", data={"current": PASSWORD, "password": NEW})
    assert done.headers["location"] == "/"
    assert (await ana.get("/ajustes")).status_code == 200


async def test_names_of_people_for_other_modules(world, office):
    async with office.database.unit(write=False) as db:
        assert await person_name(db, world.carla) == "Carla Méndez"
        assert await person_name(db, None) == ""
