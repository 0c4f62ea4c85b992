"""The demo is an office one can walk into, made once."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from app.accounts import hashing
from app.accounts.models import User
from app.frame import audit
from app.frame.db import Base, Database
from app.frame.settings import Settings
from app.main import make_office
from app.system.commands.demo import demo
from app.system.demo import new_password, plant

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [n for n in os.environ if n.startswith("CENTRALITA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CENTRALITA_DATA", str(tmp_path / "demo"))
    return tmp_path / "demo"


def ask(*words: str) -> Result:
    return CliRunner().invoke(demo, words)


@pytest.mark.slow
def test_it_works(folder: Path) -> None:
    said = ask()
    assert said.exit_code == 0, said.output
    password = re.search(r"ahora\): (.+)", said.output)
    assert password
    assert "silvia.monge@demo.example" in said.output
    for role in ("agente", "supervisión", "gerencia", "sistemas"):
        assert role in said.output
    again = ask()
    assert again.exit_code == 1
    assert "ya hay una oficina" in again.output
    calm = ask("--once")
    assert calm.exit_code == 0
    assert password[1] not in calm.output


async def test_everybody_can_come_in_and_every_module_brought_something(settings: Settings) -> None:
    office = make_office(settings)
    office.database.after_commit.clear()
    password = new_password()
    logins = await plant(office, password)
    await office.reload()
    assert office.profile.ready
    async with office.database.unit(write=False) as db:
        users = list(await db.scalars(select(User)))
        assert {u.email for u in users} == {login.email for login in logins}
        assert {u.role for u in users} >= {"agent", "lead", "manager", "it"}
        assert await hashing.verify_password(password, users[0].password_hash)
        assert all(u.password_hash for u in users)
        assert await db.scalar(select(func.count()).select_from(Base.metadata.tables["contact"])) == 5000
        assert await audit.verify(db) is None
    await office.database.close()


@pytest.mark.sqlite_only
async def test_a_demo_that_is_cut_leaves_an_empty_office(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    office = make_office(settings)
    office.database.after_commit.clear()

    async def broken(_db: object) -> None:
        raise OSError("the light went out")

    last = list(office.modules.values())[-1]
    office.modules[last.name] = type(last)(name=last.name, title=last.title, demo=broken)
    with pytest.raises(OSError, match="light"):
        await plant(office, new_password())
    await office.database.close()
    database = Database(settings.database)
    async with database.unit(write=False) as db:
        assert await db.scalar(select(func.count()).select_from(User)) == 0
    await database.close()


def test_passwords_are_new_each_time_and_long_enough() -> None:
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    assert min(len(p) for p in made) >= 20


def test_make_demo_makes_it_once_and_opens_it() -> None:
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}  # `make test` runs us
    made = subprocess.run(["make", "-n", "demo"], cwd=ROOT, env=alone, capture_output=True, text=True, check=True)
    said = made.stdout
    assert "demo --once" in said
    assert said.rstrip().endswith("centralita run")
