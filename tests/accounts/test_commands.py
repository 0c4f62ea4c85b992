"""`centralita admin`, as scripts call it: no terminal, server running or not."""

import asyncio

import pyotp
import pytest
from click.testing import CliRunner, Result

from app.__main__ import build
from app.accounts import hashing, opening, people, totp
from app.accounts.service import people as everybody
from app.frame.actor import SYSTEM
from app.frame.db import Database
from app.frame.profile import load_profile
from app.frame.vault import Vault

PASSWORD = "tres gatos en el techo"


@pytest.fixture
def admin(settings, monkeypatch):
    """Runs `centralita admin WORDS` on the test's own data."""
    monkeypatch.setenv("CENTRALITA_DATA", str(settings.data))
    monkeypatch.setenv("CENTRALITA_DATABASE_URL", settings.database)
    monkeypatch.setenv("CENTRALITA_SECRET", settings.secret)
    monkeypatch.setenv("CENTRALITA_COUNTRY", "MX")

    def run(*words: str, typed: str = PASSWORD) -> Result:
        return CliRunner().invoke(build(), ["admin", *words], input=f"{typed}\n")

    return run


def create(admin, email="ana@irazu.example", role="manager", **options) -> Result:
    return admin("create", "--email", email, "--name", "Ana Solano", "--role", role, "--password-stdin", **options)


def look(settings, question):
    async def ask():
        database = Database(settings.database)
        try:
            async with database.unit(write=False) as db:
                return await question(db)
        finally:
            await database.close()

    return asyncio.run(ask())


def test_it_works(admin, settings):
    assert create(admin).exit_code == 0
    assert create(admin, "beto@irazu.example", "agent").exit_code == 0
    assert [p.role for p in look(settings, everybody)] == ["manager", "agent"]


def test_the_first_one_completes_the_set_up_with_the_country_of_the_settings(admin, settings):
    create(admin)
    assert look(settings, opening.is_open)
    profile = look(settings, load_profile)
    assert (profile.country, profile.timezone) == ("MX", "America/Mexico_City")


def test_refusals_are_one_sentence_and_exit_code_1(admin):
    create(admin)
    for result in (create(admin), create(admin, "b@irazu.example", typed="corta")):
        assert result.exit_code == 1
        assert result.output.count("\n") == 1
        assert "Traceback" not in result.output


def test_a_key_is_alone_on_the_last_line(admin):
    create(admin)
    result = admin("api-key", "--email", "ana@irazu.example", "--name", "hoja de cálculo")
    assert result.exit_code == 0
    assert result.output.splitlines()[-1].startswith("ctl_")


def test_a_password_can_be_set_again(admin, settings):
    create(admin)
    other = "cinco perros en la playa"
    assert admin("reset-password", "--email", "ana", "--password-stdin", typed=other).exit_code == 0

    async def fits(db):
        user = await people.by_login(db, "ana")
        return await hashing.verify_password(other, user.password_hash)

    assert look(settings, fits)


def test_who_lost_the_second_factor_is_let_in_from_the_machine(admin, settings):
    create(admin)

    async def enrol():
        database = Database(settings.database)
        async with database.unit(actor=SYSTEM) as db:
            user = await people.by_login(db, "ana")
            secret = totp.new_secret()
            await totp.enrol(db, Vault("x"), "x", user, secret, pyotp.TOTP(secret).now())
        await database.close()

    async def has_it(db):
        return (await people.by_login(db, "ana")).has_2fa, await totp.codes_left(db, 1)

    asyncio.run(enrol())
    words = ("reset-password", "--email", "ana", "--password-stdin")
    assert admin(*words).exit_code == 0
    assert look(settings, has_it) == (True, totp.CODES)
    assert admin(*words, "--without-2fa").exit_code == 0
    assert look(settings, has_it) == (False, 0)


def test_everybody_is_listed(admin):
    create(admin)
    lines = admin("list").output.splitlines()
    assert lines == ["ana@irazu.example\tana\tmanager\tactiva\tAna Solano"]


async def test_it_works_while_the_server_runs(client, office, settings):
    """The wizard of the running server notices what a command did."""
    from app.accounts.matrix import declared

    other = Database(settings.database)
    try:
        async with other.unit() as db:
            first = opening.Admin(email="a@irazu.example", name="Ana Solano", role="manager", password_hash="x")
            said = opening.Opening(name="Otra", country="CR")
            await opening.complete_setup(db, said, first, declared(office.modules.values()))
    finally:
        await other.close()
    assert (await client.get("/instalacion")).headers["location"] == "/entrar"
