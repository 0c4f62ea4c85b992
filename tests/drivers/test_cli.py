"""The command line of every driver, run as a technician would."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from drivers.sim.hook import sign

ROOT = Path(__file__).parents[2]
QUICK = ("--delay-ms", "1", "--patience-ms", "5")


def sim(*words: str, env: dict[str, str] | None = None) -> tuple[int, list[Any], str]:
    """Exit code, JSON lines of stdout, stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "drivers.sim", *QUICK, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        env=os.environ | (env or {}),
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_it_works() -> None:
    code, said, _ = sim("send", "+50680000001", "Hola", "--wait", "0.3")
    assert code == 0
    assert said[0]["external_id"].startswith("sim-out-")
    assert [s["status"]["state"] for s in said[1:3]] == ["delivered", "read"]
    assert said[3]["received"]["sender"]["address"] == "+50680000001"


def test_probe_and_describe() -> None:
    assert sim("probe")[:1] == (0,)
    code, said, _ = sim("--fault", "unplugged", "probe")
    assert (code, said[0]["ok"]) == (1, False)
    assert said[0]["what_to_do"]
    assert sim("describe")[1][0]["Falla"] == "Ninguna"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--fault", "permanent"), 1),
        (("--fault", "pin"), 3),
        (("--fault", "unplugged"), 4),
        (("--fault", "silence", "--no-takes-keys"), 5),
        (("--fault", "silence"), 4),
    ],
)
def test_each_failure_has_its_exit_code_and_a_sentence(words: tuple[str, ...], code: int) -> None:
    got, _, stderr = sim(*words, "send", "+50680000001", "Hola")
    assert got == code
    assert "Traceback" not in stderr
    assert stderr.strip()


def test_actions() -> None:
    code, said, _ = sim("do", "arrive", "sender=+50680000002", "text=Buenas = malas", "--wait", "0.2")
    assert code == 0
    assert said[-1]["received"]["text"] == "Buenas = malas"
    code, _, stderr = sim("do", "arrive", "sender=+50680000002")
    assert code == 1
    assert "text" in stderr


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    code, _, stderr = sim("--delay-ms", "-4", "probe")
    assert code == 2
    assert "delay_ms" in stderr
    code, _, stderr = sim("--settings", str(tmp_path / "none.json"), "probe")
    assert code == 2


def test_settings_come_from_a_file_and_secrets_from_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "sim.json"
    file.write_text('{"number": "+50640000009"}')
    code, said, _ = sim("--settings", str(file), "describe", env={"CENTRALITA_SIM_FAULT": "temporary"})
    assert (code, said[0]["Número"]) == (0, "+50640000009")
    assert said[0]["Falla"].startswith("Red ocupada")
    assert (
        "--key KEY"
        not in subprocess.run(
            [sys.executable, "-m", "drivers.sim", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split("COMMAND")[0]
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_listen_takes_webhooks_and_ends_at_ctrl_c() -> None:
    port = free_port()
    listening = subprocess.Popen(
        [sys.executable, "-m", "drivers.sim", "listen", "--hook-port", str(port)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"CENTRALITA_SIM_KEY": "clave"},
    )
    assert listening.stderr
    assert listening.stdout
    assert listening.stderr.readline().startswith("ready")
    body, stamp = b'{"messages": [{"id": "m1", "sender": "x", "text": "hola"}]}', str(int(time.time()))
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/x?a=1", body, {"x-signature": sign("clave", stamp, body), "x-timestamp": stamp}
    )
    assert urllib.request.urlopen(request, timeout=5).status == 200
    assert json.loads(listening.stdout.readline())["received"]["external_id"] == "m1"
    began = time.perf_counter()
    listening.send_signal(signal.SIGINT)
    assert listening.wait(5) == 130
    assert time.perf_counter() - began < 1.5
    listening.stdout.close()
    listening.stderr.close()
