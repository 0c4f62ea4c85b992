"""Coming in with a name and a password."""

from sqlalchemy import select

from app.accounts.models import Session
from app.frame.audit import AuditEntry
from tests.world import PASSWORD


async def post(client, **data):
    await client.get("/entrar")
    return await client.post("/entrar", data=data)


async def test_it_works(client, world):
    answer = await post(client, name="ana@irazu.example", password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await client.get("/entrar")).headers["location"] == "/"
    assert "centralita" in client.cookies


async def test_the_user_name_does_as_well_as_the_mail_in_any_case(client, world):
    assert (await post(client, name=" ANA ", password=PASSWORD)).status_code == 303


async def test_the_cookie_is_for_the_server_alone(client, world):
    answer = await post(client, name="ana", password=PASSWORD)
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("centralita="))
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()


async def test_only_a_hash_of_the_token_is_stored(client, world, office):
    await post(client, name="ana", password=PASSWORD)
    async with office.database.unit(write=False) as db:
        session = await db.scalar(select(Session))
    assert client.cookies["centralita"].encode() not in session.token_hash
    assert len(session.token_hash) == 32


async def test_wrong_password_unknown_and_disabled_people_get_the_same_answer(client, world, office):
    async with office.database.unit() as db:
        from app.accounts import people

        await people.disable_person(db, await people.get_person(db, world.beto))
    answers = [
        await post(client, name=name, password=password)
        for name, password in (("ana", "no es esta clave"), ("nadie", PASSWORD), ("beto", PASSWORD))
    ]
    names = ("ana", "nadie", "beto")
    texts = {a.text.replace(f'value="{n}"', "") for a, n in zip(answers, names, strict=True)}
    assert {a.status_code for a in answers} == {422}
    assert len(texts) == 1


async def test_every_failure_is_audited_without_a_password_typed_as_the_name(client, world, office):
    await post(client, name="mi clave secreta", password="x" * 12)
    async with office.database.unit(write=False) as db:
        entry = await db.scalar(select(AuditEntry).where(AuditEntry.verb == "login.failed"))
    assert entry.after == {"name": "mi …", "why": "unknown"}
    assert entry.ip == "127.0.0.1"


async def test_it_goes_on_only_to_a_path_of_ours(client, world):
    own = "/contactos?q=1"
    for wanted, got in ((own, own), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil", "/")):
        answer = await post(client, name="ana", password=PASSWORD, next=wanted)
        assert answer.headers["location"] == got
        await client.post("/salir")


async def test_leaving_closes_the_session(client, world):
    await post(client, name="ana", password=PASSWORD)
    token = client.cookies["centralita"]
    await client.post("/salir")
    client.cookies.set("centralita", token, domain="office.test")
    assert (await client.get("/entrar")).status_code == 200


async def test_missing_fields_are_said_by_name(client, world):
    answer = await post(client, name="ana")
    assert answer.status_code == 422
    assert "Falta este dato" in answer.text
