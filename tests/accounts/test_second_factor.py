"""Two-step verification."""

import re
import time

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import people, totp
from app.frame.actor import SYSTEM
from app.frame.vault import Vault
from tests.world import PASSWORD

OTHER = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


async def enrol(client) -> tuple[str, list[str]]:
    """Turn it on; the secret and the recovery codes."""
    form = (await client.get("/ajustes/verificacion/alta")).text
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", form).group(1).replace(" ", "")
    pending = re.search(r'name="pending" value="([^"]+)"', form).group(1)
    answer = await client.post("/ajustes/verificacion", data={"pending": pending, "code": pyotp.TOTP(secret).now()})
    codes = re.search(r'id="codes">([^<]+)<', answer.text).group(1).split()
    return secret, codes


async def password_step(client, name="ana"):
    await client.get("/entrar")
    return await client.post("/entrar", data={"name": name, "password": PASSWORD, "next": "/ajustes"})


def next_code(secret: str) -> str:
    """A code that was not used yet: of the step after this one, which is within the drift."""
    return pyotp.TOTP(secret).at(time.time() + 30)


async def test_it_works(world, client):
    secret, codes = await enrol(await world.client_as("ana"))
    assert len(codes) == totp.CODES
    answer = await password_step(client)
    assert answer.headers["location"] == "/entrar/codigo"
    assert "centralita" not in client.cookies
    answer = await client.post("/entrar/codigo", data={"code": next_code(secret)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/ajustes")
    assert (await client.get("/ajustes")).status_code == 200


async def test_a_code_works_once(world, client):
    secret, _codes = await enrol(await world.client_as("ana"))
    code = next_code(secret)
    await password_step(client)
    assert (await client.post("/entrar/codigo", data={"code": code})).status_code == 303
    await client.post("/salir")
    await password_step(client)
    assert (await client.post("/entrar/codigo", data={"code": code})).status_code == 422


async def test_a_recovery_code_works_once(world, client):
    _secret, codes = await enrol(await world.client_as("ana"))
    for expected in (303, 422):
        await password_step(client)
        answer = await client.post("/entrar/codigo", data={"code": codes[0].upper(), "recovery": "1"})
        assert answer.status_code == expected
        await client.post("/salir")


async def forget_key(office, user_id):
    """As after a move without the secret file: what was sealed does not open any more."""
    sealed = Vault("the secret of another computer").seal(OTHER, f"totp-{user_id}")
    async with office.database.unit(actor=SYSTEM) as db:
        (await people.get_person(db, user_id)).totp_secret = sealed


async def test_what_cannot_be_opened_lets_nobody_in_and_says_what_to_do(office, world, client):
    secret, _codes = await enrol(await world.client_as("ana"))
    await forget_key(office, world.ana)
    await password_step(client)
    for code in (next_code(secret), pyotp.TOTP("A" * 32).now(), pyotp.TOTP(OTHER).now(), "000000"):
        answer = await client.post("/entrar/codigo", data={"code": code})
        assert answer.status_code == 422
        assert "Pida a Sistemas" in answer.text
        assert "centralita" not in client.cookies
    login = {"username": "ana", "password": PASSWORD, "otp": next_code(secret)}
    assert (await client.post("/login", json=login)).status_code == 401


async def test_a_recovery_code_is_used_up_also_where_the_secret_does_not_open(office, world, client):
    _secret, codes = await enrol(await world.client_as("ana"))
    await forget_key(office, world.ana)
    for expected in (303, 422):
        await password_step(client)
        answer = await client.post("/entrar/codigo", data={"code": codes[0], "recovery": "1"})
        assert answer.status_code == expected
        await client.post("/salir")
    login = {"username": "ana", "password": PASSWORD, "otp": codes[1]}
    assert [(await client.post("/login", json=login)).status_code for _n in range(2)] == [200, 401]
    async with office.database.unit(write=False) as db:
        assert await totp.codes_left(db, world.ana) == totp.CODES - 2


async def test_without_the_first_step_there_is_no_second(client, world):
    assert (await client.get("/entrar/codigo")).headers["location"] == "/entrar"
    await client.get("/entrar")
    assert (await client.post("/entrar/codigo", data={"code": "123456"})).headers["location"] == "/entrar"


async def test_guessing_codes_is_slowed_down(world, client):
    await enrol(await world.client_as("ana"))
    await password_step(client)
    answers = [(await client.post("/entrar/codigo", data={"code": "000000"})).status_code for _n in range(9)]
    assert answers == [422] * 8 + [429]


async def test_the_api_asks_for_it_too(world, client):
    secret, _codes = await enrol(await world.client_as("ana"))
    said = {"username": "ana", "password": PASSWORD}
    assert (await client.post("/login", json=said)).status_code == 401
    assert (await client.post("/login", json=said | {"otp": next_code(secret)})).status_code == 200


async def test_an_office_may_require_it(world, office):
    diego = await world.client_as("diego")
    profile = office.profile
    form = {"office": profile.name, "country": "CR", "timezone": profile.timezone, "language": "es"}
    await diego.post("/ajustes/oficina", data=form | {"require_2fa": "true"})
    ana = await world.client_as("ana")
    assert (await ana.get("/ajustes")).headers["location"] == "/ajustes/verificacion"
    assert "La oficina exige" in (await ana.get("/ajustes/verificacion")).text
    await enrol(ana)
    assert (await ana.get("/ajustes")).status_code == 200
    assert (await ana.post("/ajustes/verificacion/baja", data={"current": PASSWORD})).status_code == 409


async def test_it_is_turned_off_with_the_password(world, client):
    ana = await world.client_as("ana")
    await enrol(ana)
    assert (await ana.post("/ajustes/verificacion/baja", data={"current": "no es esta"})).status_code == 422
    assert (await ana.post("/ajustes/verificacion/baja", data={"current": PASSWORD})).status_code == 200
    assert (await password_step(client)).headers["location"] == "/ajustes"


async def test_a_wrong_first_code_turns_nothing_on(world):
    ana = await world.client_as("ana")
    form = (await ana.get("/ajustes/verificacion/alta")).text
    pending = re.search(r'name="pending" value="([^"]+)"', form).group(1)
    answer = await ana.post("/ajustes/verificacion", data={"pending": pending, "code": "000000"})
    assert (answer.status_code, "no coincide" in answer.text) == (422, True)
    assert "Inactiva" in (await ana.get("/ajustes")).text


@given(st.integers(300, 2**33), st.integers(-3, 3))
def test_one_step_of_drift_is_forgiven_and_no_more(now_s, steps):
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    code = pyotp.TOTP(secret).generate_otp(now_s // 30 + steps)
    fits = totp.fitting_step(secret, code, now_s)
    assert (fits == now_s // 30 + steps) is (abs(steps) <= 1)


@pytest.mark.parametrize(("at", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_the_examples_of_rfc_6238(at, code):
    assert totp.fitting_step("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", code, at) is not None
