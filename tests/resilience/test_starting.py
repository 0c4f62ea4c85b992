"""Starting where it cannot be, and stopping while people look on."""

import os
import socket
import subprocess
import sys
import threading
import time

import httpx
import pytest

from tests.beds.servers import ROOT, LiveServer
from tests.resilience.offices import PASSWORD, settle

pytestmark = pytest.mark.sqlite_only


def run(server: LiveServer, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", "run"], cwd=ROOT, env=server.environ | environ, text=True,
        capture_output=True, timeout=60, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip


def last_words(ended: subprocess.CompletedProcess[str]) -> str:
    assert ended.returncode != 0
    assert "Traceback" not in ended.stderr + ended.stdout, ended.stderr[-1500:]
    return ended.stderr + ended.stdout


def test_it_works(tmp_path):
    """A port that is taken is said in a sentence, with what to do."""
    server = LiveServer(tmp_path / "data")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", server.port))
        taken.listen()
        said = last_words(run(server))
    assert str(server.port) in said
    assert "CENTRALITA_PORT" in said


def test_a_data_folder_that_is_a_file(tmp_path):
    (tmp_path / "data").write_text("no soy una carpeta")
    assert "CENTRALITA_DATA" in last_words(run(LiveServer(tmp_path / "data")))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_data_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "data").mkdir(mode=0o500)
    assert "CENTRALITA_DATA" in last_words(run(LiveServer(tmp_path / "data")))


def test_a_database_that_is_none(tmp_path):
    server = LiveServer(tmp_path / "data")
    server.data.mkdir()
    (server.data / "centralita.db").write_bytes(b"not a database, only bytes" * 200)
    assert "centralita.db" in last_words(run(server))


def test_a_setting_that_makes_no_sense(tmp_path):
    assert "CENTRALITA_PORT" in last_words(run(LiveServer(tmp_path / "data"), CENTRALITA_PORT="muchos"))


def test_open_streams_do_not_hold_it_back(live_server):
    settle(live_server).close()
    client = httpx.Client(base_url=live_server.url, timeout=30)
    client.get("/entrar")
    token = {"x-csrftoken": client.cookies["centralita_csrf"]}
    client.post("/entrar", data={"name": "irene@irazu.example", "password": PASSWORD}, headers=token)
    opened, ended = threading.Barrier(11), []

    def listen() -> None:
        with client.stream("GET", "/live") as stream:
            assert stream.status_code == 200
            lines = stream.iter_lines()
            next(lines)
            opened.wait(20)
            ended.append(len(list(lines)))

    listeners = [threading.Thread(target=listen) for _ in range(10)]
    for listener in listeners:
        listener.start()
    opened.wait(20)
    began = time.monotonic()
    assert live_server.stop() in (0, -15)
    took_s = time.monotonic() - began
    for listener in listeners:
        listener.join(5)
    assert took_s < 2.0
    assert len(ended) == 10, "every stream ended whole, none was cut"
    assert not (live_server.data / "centralita.db-wal").exists(), "the database was closed"
