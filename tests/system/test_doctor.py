"""The doctor finds what is broken and says the cure."""

import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from app.frame.db import now_utc
from app.frame.migrate import migrate
from app.frame.settings import Settings, read_settings
from app.system import findings, shelf
from app.system.backups import backup_now
from app.system.commands import checks
from app.system.commands.doctor import doctor
from tests.beds.cluster import free_port


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    given = {"CENTRALITA_DATA": str(tmp_path / "data"), "CENTRALITA_PORT": str(free_port())}
    for name in [n for n in os.environ if n.startswith("CENTRALITA_")]:
        monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return given


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    """A closed office with everything in order."""
    settings = read_settings(environ)
    migrate(settings)
    backup_now(settings)
    return settings


def ask(*words: str) -> Result:
    return CliRunner().invoke(doctor, words)


def test_it_works(settings: Settings) -> None:
    said = ask()
    assert said.exit_code == 0, said.output
    assert "✗" not in said.output
    for word in ("Python", "SQLite", "auditoría está entera", "está al día", "respaldo bueno", "Reloj", "puerto"):
        assert word in said.output


def test_an_empty_folder_is_no_illness(environ: dict[str, str]) -> None:
    said = ask()
    assert said.exit_code == 0, said.output
    assert "se crea al abrir" in said.output


@pytest.mark.parametrize(("name", "mode", "cure"), [("", 0o755, "chmod 700"), ("secret", 0o644, "chmod 600")])
def test_open_doors_are_found(settings: Settings, name: str, mode: int, cure: str) -> None:
    (settings.data / name).chmod(mode)
    said = ask()
    assert said.exit_code == 1
    assert cure in said.output


def test_a_forged_audit_is_found(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.database_file)) as connection, connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(audit)") if row[3] and row[1] != "id"]
        values = ["0" if n == "at" else "''" for n in names]
        connection.execute(f"INSERT INTO audit ({', '.join(names)}) VALUES ({', '.join(values)})")
    said = ask()
    assert said.exit_code == 1
    assert "no cuadra desde la línea 1" in said.output


def test_an_old_shape_is_found(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.database_file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = 'before'")
    said = ask()
    assert said.exit_code == 1
    assert "centralita migrate" in said.output


def test_a_database_that_is_none_is_found(settings: Settings) -> None:
    settings.database_file.write_bytes(b"hola" * 5000)
    said = ask()
    assert said.exit_code == 1
    assert "no abre" in said.output


def test_old_backups_are_found(settings: Settings) -> None:
    (backup,) = shelf.listed(settings)
    shelf.put_story(shelf.path_of(settings, backup), msgspec.structs.replace(backup, at=now_utc() - timedelta(days=2)))
    said = ask()
    assert said.exit_code == 1
    assert "último respaldo bueno es de" in said.output


def test_a_clock_that_went_back_is_found(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "now_utc", lambda: now_utc() - timedelta(hours=1))
    (finding,) = checks.clock(settings)
    assert finding.state == "bad"
    assert "timedatectl" in finding.todo


def test_a_full_disk_is_found() -> None:
    assert [findings.of_disk(n).state for n in (10**12, 500 * 10**6, 10**6)] == ["ok", "warn", "bad"]


def test_a_missing_browser_is_only_a_warning(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.shutil, "which", lambda _name: None)
    (finding,) = checks.chromium(settings)
    assert finding.state == "warn"
    assert "apt-get install" in finding.todo


def test_a_serial_port_without_permission_names_the_group(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(checks, "MODEMS", (str(tmp_path / "ttyUSB*"),))
    (nothing,) = checks.modems(settings)
    assert nothing.state == "ok"
    (tmp_path / "ttyUSB0").touch()
    monkeypatch.setattr(checks.os, "access", lambda _path, _mode: False)
    (finding,) = checks.modems(settings)
    assert finding.state == "warn"
    assert "dialout" in finding.todo


def test_the_missing_tools_of_postgresql_are_an_illness(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(findings.pgdump, "missing", lambda: ["pg_dump"])
    other = Settings(data=tmp_path, secret="x", database_url="postgresql+asyncpg://db/x")
    (finding,) = checks.backups(other)
    assert finding.state == "bad"
    assert "postgresql-client" in finding.said


class Answering(BaseHTTPRequestHandler):
    """Somebody on the office's port."""

    answer: tuple[int, bytes] = (200, b"")

    def do_GET(self) -> None:
        self.send_response(self.answer[0])
        self.end_headers()
        self.wfile.write(self.answer[1])

    def log_message(self, *_args: object) -> None:
        return


@pytest.fixture
def neighbour(settings: Settings) -> Iterator[type[Answering]]:
    server = HTTPServer(("127.0.0.1", settings.port), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Answering
    server.shutdown()
    thread.join()
    server.server_close()


def test_another_program_on_the_port_is_found(settings: Settings, neighbour: type[Answering]) -> None:
    neighbour.answer = (200, b"<html>")
    said = ask()
    assert said.exit_code == 1
    assert f"CENTRALITA_PORT={settings.port + 1}" in said.output


@pytest.mark.parametrize(("status", "code"), [("ok", 0), ("degraded", 1)])
def test_the_open_office_is_asked_how_it_feels(neighbour: type[Answering], status: str, code: int) -> None:
    body = {"status": status, "checks": {"database": "ok", "disk": "ok" if status == "ok" else "low"}}
    neighbour.answer = (200 if code == 0 else 503, json.dumps(body).encode())
    said = ask("--health")
    assert said.exit_code == code
    assert ("disk: low" in said.output) is bool(code)


def test_health_of_a_closed_office_is_an_error(settings: Settings) -> None:
    assert ask("--health").exit_code == 1
