"""Headers, cookies, tokens, and where one may be sent."""

import re
from typing import Any

import msgspec
import pytest

from app.accounts import people
from app.frame.actor import SYSTEM
from tests.beds.offices import ADDRESS, Client
from tests.world import PASSWORD

pytestmark = pytest.mark.sqlite_only
EVERYWHERE = ("/entrar", "/", "/nada", "/static/app.css", "/static/nada.css", "/api/v1/me", "/api/v1/nada", "/health",
              "/live", "/contactos/x", "/idioma/en", "/api/v1/docs", "/_openapi/nada")  # fmt: skip
ELSEWHERE = ("https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
             "/\t/evil.example", "/%0d%0aLocation:x", "http:evil.example", "/\r\nX: 1", "///evil.example")  # fmt: skip


async def log_in(client: Client, **more: str) -> Any:
    await client.get("/entrar")
    return await client.post("/entrar", data={"name": "ana@irazu.example", "password": PASSWORD, **more})


async def test_it_works(app, world):
    """Every answer carries the policy, errors and files too."""
    async with Client(app) as client:
        for path in EVERYWHERE:
            for method in ("GET", "POST", "PUT"):
                headers = (await client.request(method, path)).headers
                policy = headers["content-security-policy"]
                assert "default-src 'self'" in policy, path
                assert "script-src" not in policy, path
                assert "unsafe-eval" not in policy, path
                assert headers["x-content-type-options"] == "nosniff", path
                assert headers["x-frame-options"] == "DENY", path
                assert len(headers.get_list("content-security-policy")) == 1, path


async def test_cookies_cannot_be_read_by_scripts_nor_sent_by_others(app, world):
    async with Client(app) as client:
        set_cookies = (await client.get("/entrar")).headers.get_list("set-cookie")
        set_cookies += (await log_in(client)).headers.get_list("set-cookie")
    assert len(set_cookies) >= 3
    for cookie in set_cookies:
        assert "httponly" in cookie.lower(), cookie
        assert "samesite=lax" in cookie.lower(), cookie


async def test_over_https_cookies_are_secure_and_browsers_stay_there(settings):
    from app.main import create_app
    from tests.beds.offices import in_own_task

    app = create_app(msgspec.structs.replace(settings, base_url="https://office.test"))
    async with in_own_task(app.lifespan()), Client(app) as client:
        answer = await client.get("/instalacion")
    assert "max-age=31536000" in answer.headers["strict-transport-security"]
    assert all("secure" in cookie.lower() for cookie in answer.headers.get_list("set-cookie"))


@pytest.mark.parametrize("path", ["/entrar", "/salir", "/contactos", "/ajustes/perfil", "/personas", "/contactos/lote"])
async def test_without_the_token_nothing_is_written(world, path):
    client = await world.client_as("irene")
    answer = await client.post(path, headers={"x-csrftoken": "forged"}, data={"name": "x"})
    assert answer.status_code == 403
    client.cookies.delete("centralita_csrf")
    assert (await client.post(path, data={"name": "x"})).status_code == 403


async def test_the_session_is_a_new_one_after_logging_in(app, world):
    async with Client(app) as client:
        client.cookies.set("centralita", "chosen-by-somebody-else", domain="office.test")
        answer = await log_in(client)
        assert answer.status_code in (200, 303)
        token = re.search(r"centralita=([^;]+)", "\n".join(answer.headers.get_list("set-cookie")))
        assert token
        assert token[1] != "chosen-by-somebody-else"
        assert len(token[1]) > 30


@pytest.mark.parametrize("target", ELSEWHERE)
async def test_after_logging_in_one_stays_here(app, world, target):
    async with Client(app) as client:
        answer = await log_in(client, next=target)
        where = answer.headers.get("location") or answer.headers.get("hx-redirect")
        assert where is not None
        assert where.startswith("/")
        assert not where.startswith(("//", "/\\"))
        assert "evil" not in where or where.startswith("/%")
        page = await client.get("/entrar", params={"siguiente": target})
        assert "evil.example" not in page.headers.get("location", "")
        language = await client.get("/idioma/en", params={"volver": target})
        assert language.headers["location"] == "/entrar"


async def test_the_host_header_builds_no_address(world):
    client = await world.client_as("irene")
    for path in ("/", "/personas", "/ajustes", "/api/v1/openapi.json"):
        answer = await client.get(path, headers={"host": "evil.example"})
        assert "evil.example" not in answer.text + str(answer.headers), path
    assert (await client.get("/", headers={"host": "a/b?c"})).status_code == 400


@pytest.mark.parametrize(
    "name", ["..%2f..%2fsecret", "%2e%2e%2fsecret", "..\\secret", "secret", "%2fetc%2fpasswd", "x%00.db"]
)
async def test_downloads_leave_their_folder_for_nobody(world, name):
    client = await world.client_as("irene")
    for url in (
        f"{ADDRESS}/sistema/respaldos/{name}/archivo",
        f"{ADDRESS}/static/{name}",
        f"{ADDRESS}/static/../{name}",
    ):
        answer = await client.get(url)
        assert answer.status_code in (400, 404, 405, 422), url
        assert world.office.settings.secret not in answer.text


async def test_a_body_that_is_too_large_gets_a_sentence(world):
    client = await world.client_as("irene")
    answer = await client.post("/contactos", content=b"name=" + b"x" * 11_000_000,
                               headers={"content-type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert answer.status_code == 413
    assert "Envíe un archivo más pequeño" in answer.text


async def test_a_key_dies_with_its_person(office, world):
    api = await world.api_as("ana")
    assert (await api.get("/api/v1/me")).status_code == 200
    async with office.database.unit(actor=SYSTEM) as db:
        await people.disable_person(db, await people.get_person(db, world.ana))
    assert (await api.get("/api/v1/me")).status_code == 401


async def test_a_key_may_do_no_more_than_its_scopes(world):
    api = await world.api_as("irene", ["contacts.view"])
    assert (await api.get("/api/v1/contacts")).status_code == 200
    assert (await api.post("/api/v1/contacts", json={"name": "X"})).status_code == 403
    assert (await api.get("/metrics")).status_code == 403
    more = await world.api_as("ana", ["contacts.view", "contacts.delete", "audit.view"])
    assert set((await more.get("/api/v1/me")).json()["permissions"]) == {"contacts.view"}


async def test_a_cookie_opens_no_api_and_a_key_no_page(world):
    client, api = await world.client_as("irene"), await world.api_as("irene")
    assert (await client.get("/api/v1/contacts")).status_code == 401
    assert (await api.get("/contactos")).status_code == 303


async def test_logging_in_is_slowed_but_the_office_is_not_locked_out(app, world):
    async with Client(app) as client:
        await client.get("/entrar")
        tries = [await client.post("/entrar", data={"name": "ana@irazu.example", "password": f"no {n} no no"})
                 for n in range(14)]  # fmt: skip
    assert tries[0].status_code == 422
    assert tries[-1].status_code == 429
    assert int(tries[-1].headers["retry-after"]) > 0
    other = await world.client_as("diego")
    assert (await other.get("/")).status_code == 200


async def test_an_etag_that_is_none_changes_nothing(world):
    api = await world.api_as("irene")
    made = (await api.post("/api/v1/contacts", json={"name": "Rosa"})).json()
    for odd in ('"²"', "garbage", '"', '"1", "2"', '"99999999999999999999"'):
        answer = await api.patch(
            f"/api/v1/contacts/{made['id']}", json={"name": "X"}, headers=[(b"if-match", odd.encode())]
        )
        assert answer.status_code == 412, odd
    assert (await api.get(f"/api/v1/contacts/{made['id']}")).json()["name"] == "Rosa"
