"""An office from an empty folder, by commands alone and without a terminal, as a script on a server does it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.beds.servers import LiveServer
from tests.resilience.offices import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]
WHO = ("--email", "irene@irazu.example", "--name", "Irene Campos", "--role", "it")


def value(data: Path, name: str) -> str:
    with closing(sqlite3.connect(data / "centralita.db")) as db:
        return str(json.loads(db.execute("SELECT value FROM office_value WHERE name = ?", (name,)).fetchone()[0]))


@pytest.mark.parametrize(
    ("environ", "country", "zone"),
    [({}, "CR", "America/Costa_Rica"), ({"CENTRALITA_COUNTRY": "MX"}, "MX", "America/Mexico_City")],
)
def test_it_works(tmp_path: Path, environ: dict[str, str], country: str, zone: str) -> None:
    office = LiveServer(tmp_path / "data", **environ)
    made = office.command("admin", "create", *WHO, "--password-stdin", typed=f"{PASSWORD}\n")
    assert made.returncode == 0, made.stderr
    assert (value(office.data, "country"), value(office.data, "timezone")) == (country, zone)


def test_it_is_lived_in_at_once_and_no_wizard_waits(tmp_path: Path) -> None:
    office = LiveServer(tmp_path / "data")
    for words, typed in (
        (("migrate",), ""),
        (("admin", "create", *WHO, "--password-stdin"), PASSWORD),
        (("admin", "reset-password", "--email", WHO[1], "--password-stdin"), f"{PASSWORD} nueva"),
    ):
        assert office.command(*words, typed=typed).returncode == 0
    key = office.command("admin", "api-key", "--email", WHO[1], "--name", "guion").stdout.splitlines()[-1]
    assert office.command("admin", "list").stdout.split("\t")[0] == WHO[1]
    try:
        office.start()
        with httpx.Client(base_url=office.url) as client:
            login = {"username": WHO[1], "password": f"{PASSWORD} nueva"}
            assert client.post("/login", json=login).status_code == 200
            assert client.get("/api/v1/me", headers={"X-API-Key": key}).json()["role"] == "it"
            assert client.get("/instalacion").headers["location"] == "/entrar"
    finally:
        office.stop()
    assert f"Centralita: {office.url}" in office.said()
    assert "asistente" not in office.said()
