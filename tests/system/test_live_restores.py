"""The real office, restored while it is open."""

import contextlib
import json
import signal
import time
import urllib.request

import pytest

from tests.beds.servers import LiveServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
ADMIN = ("--role", "it", "--password-stdin")


def join(server: LiveServer, name: str) -> None:
    who = ("--email", f"{name.lower()}@irazu.example", "--name", f"{name} Mora")
    server.prepare("admin", "create", *who, *ADMIN, typed="el cafe de la tarde\n")


def people(server: LiveServer) -> list[str]:
    return [line.split("@")[0] for line in server.prepare("admin", "list").splitlines()]


def backup(server: LiveServer) -> str:
    made = server.command("backup")
    assert made.returncode == 0, made.stderr
    return made.stdout.split()[0]


def health(server: LiveServer) -> dict[str, object]:
    deadline = time.monotonic() + 20
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{server.url}/health", timeout=5) as answer:
            return dict(json.load(answer))
        assert time.monotonic() < deadline, server.said()
        time.sleep(0.1)


@pytest.fixture
def office(live_server: LiveServer) -> LiveServer:
    """Ana is there, then a backup is made, then Beto comes."""
    join(live_server, "Ana")
    return live_server


def test_an_open_office_begins_again_on_the_backup_by_itself(office: LiveServer) -> None:
    name = backup(office)
    join(office, "Beto")
    assert people(office) == ["ana", "beto"]
    assert office.process
    pid = office.process.pid
    done = office.command("restore", name)
    assert done.returncode == 0, done.stderr
    assert f"Restaurado: {name}" in done.stdout
    assert health(office)["status"] == "ok"
    assert people(office) == ["ana"]
    assert office.process.poll() is None
    assert office.process.pid == pid, "whoever watches the process sees the same one"
    assert office.stop() in (0, -signal.SIGTERM)


def test_kill_9_while_a_restore_waits_is_made_good_at_the_next_start(office: LiveServer) -> None:
    name = backup(office)
    join(office, "Beto")
    office.kill()
    path = office.data / "backups" / name
    request = {"path": str(path), "by": "Ana Mora", "at": "2026-11-21T10:00:00Z"}
    (office.data / "restore.json").write_text(json.dumps(request))
    office.start()
    assert health(office)["status"] == "ok"
    assert people(office) == ["ana"]
