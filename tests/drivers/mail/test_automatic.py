"""What a machine wrote is marked, so that no machine answers it."""

import pytest

from tests.drivers.mail.letters import OUTLOOK, crlf, read


def test_it_works() -> None:
    assert not read(OUTLOOK).inbound.automatic
    assert read(crlf("From: a@x.example\nAuto-Submitted: auto-replied\n\nEstoy de vacaciones.")).inbound.automatic


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-generated; type=x", "Precedence: bulk", "Precedence: auto_reply", "X-Autoreply: yes",
        "X-Auto-Response-Suppress: DR, OOF, AutoReply", "List-Id: <boletin.x.example>", "Return-Path: <>",
        "List-Unsubscribe: <https://x.example/baja>", "Content-Type: multipart/report; boundary=x",
    ],
)  # fmt: skip
def test_the_usual_marks(header: str) -> None:
    assert read(crlf(f"From: a@x.example\n{header}\n\nx")).inbound.automatic


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@x.example", "no-reply@x.example", "postmaster@x.example"])
def test_who_never_reads_answers(sender: str) -> None:
    assert read(crlf(f"From: {sender}\n\nx")).inbound.automatic


@pytest.mark.parametrize("header", ["Auto-Submitted: no", "Precedence: first-class", "Return-Path: <ana@x.example>"])
def test_people_are_people(header: str) -> None:
    assert not read(crlf(f"From: ana@x.example\n{header}\n\nx")).inbound.automatic
