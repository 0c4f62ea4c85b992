"""kill -9 in the middle: what was acknowledged is there, what was under way goes on, nothing is there twice."""

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.beds.servers import ROOT
from tests.resilience.offices import settle

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]
ROWS = 30_000


def numbers(count: int) -> Iterator[str]:
    """Valid Costa Rican numbers, all different."""
    return (f"8{7_000_000 + n:07d}" for n in range(count))


def sheet() -> bytes:
    lines = ["Nombre;Teléfono;Observaciones"]
    lines += [f"Persona {n};{number};nota {n}" for n, number in enumerate(numbers(ROWS))]
    return "\n".join(lines).encode()


def counted(data: Path, sql: str) -> Any:
    with sqlite3.connect(f"file:{data / 'centralita.db'}?mode=ro", uri=True) as db:
        return db.execute(sql).fetchone()[0]


def until(what: Any, seconds: float, said: str) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError(said)


@pytest.mark.timeout(240)
def test_it_works(live_server):
    """An import goes on by itself: every row once, and the counts say so."""
    api = settle(live_server)
    live_server.stop()
    live_server.start()
    begun = api.post("/api/v1/imports", files={"file": ("clientes.csv", sheet(), "text/csv")}, timeout=60)
    assert begun.status_code == 202, begun.text
    number = begun.json()["id"]
    until(lambda: counted(live_server.data, "SELECT count(*) FROM contact"), 60, "the import never began")
    live_server.kill()
    half = counted(live_server.data, "SELECT count(*) FROM contact")
    live_server.start()

    def ended() -> Any:
        now = api.get(f"/api/v1/imports/{number}").json()
        return now if now["state"] in ("done", "failed", "cancelled") else None

    state = until(ended, 150, f"the import did not go on after {half} rows:\n{live_server.said()[-2000:]}")
    assert state["state"] == "done", state
    assert state["counts"]["total"] == ROWS
    assert state["counts"]["created"] == ROWS, state
    assert counted(live_server.data, "SELECT count(*) FROM contact") == ROWS
    assert counted(live_server.data, "SELECT count(DISTINCT match) FROM contact_address") == ROWS
    assert counted(live_server.data, "PRAGMA integrity_check") == "ok"


def test_every_write_that_was_acknowledged_is_there(live_server):
    api = settle(live_server)
    live_server.stop()
    live_server.start()
    acknowledged: list[int] = []

    def write() -> None:
        for number in numbers(10_000):
            try:
                answer = api.post("/api/v1/contacts", json={"name": f"Persona {number}", "phone": number})
            except httpx.HTTPError:
                return
            if answer.status_code == 201:
                acknowledged.append(answer.json()["id"])

    writer = threading.Thread(target=write)
    writer.start()
    until(lambda: len(acknowledged) > 40, 30, "nothing was written")
    live_server.kill()
    writer.join()
    live_server.start()
    with sqlite3.connect(live_server.data / "centralita.db") as db:
        stored = {row[0] for row in db.execute("SELECT id FROM contact")}
    assert set(acknowledged) <= stored
    assert len(stored) - len(acknowledged) <= 1, "only the one that was under way may be there without an answer"
    assert api.get(f"/api/v1/contacts/{acknowledged[-1]}").status_code == 200
    checked = live_server.command("doctor")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_backup_cut_short_leaves_no_half_file(live_server):
    api = settle(live_server)
    shelf = live_server.data / "backups"
    before = set(shelf.glob("*"))
    command = subprocess.Popen([sys.executable, "-m", "app", "backup"], cwd=ROOT, env=live_server.environ)
    until(lambda: set(shelf.glob("*")) - before or command.poll() is not None, 30, "the backup never began")
    command.kill()
    command.wait()
    live_server.kill()
    live_server.start()
    made = live_server.command("backup")
    assert made.returncode == 0, made.stdout + made.stderr
    kept = [path for path in shelf.iterdir() if path.suffix == ".db"]
    assert kept
    for path in kept:
        with sqlite3.connect(path) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert api.get("/health").status_code == 200
