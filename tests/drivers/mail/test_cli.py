"""The mailbox on a technician's laptop."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.drivers.mail.conftest import MailOffice

ROOT = Path(__file__).parents[3]


def run(*words: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "drivers.mail", *words],
        cwd=ROOT, env=os.environ | env, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip


def test_it_works() -> None:
    done = run("--address", "ventas@oficina.example", "describe")
    assert json.loads(done.stdout)["Dirección de correo"] == "ventas@oficina.example"


def test_secrets_have_no_option() -> None:
    said = run("--help").stdout
    assert "CENTRALITA_MAIL_PASSWORD" in said
    assert "--password" not in said
    assert "--refresh-token" not in said


def test_a_wrong_setting_is_a_sentence_and_an_exit_code() -> None:
    settings = MailOffice().settings(imap_host="mail.oficina.example")
    done = run(
        "--address", settings.address, "--imap-host", settings.imap_host, "--imap-security", "plain", "listen",
        CENTRALITA_MAIL_PASSWORD="s3creta",
    )  # fmt: skip
    assert done.returncode == 3
    assert "sin cifrar" in done.stderr
    assert "s3creta" not in done.stderr + done.stdout
