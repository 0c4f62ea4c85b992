"""The process is killed at the worst moments; the next one finds all that there was."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from tests.drivers.conftest import Living
from tests.drivers.mail.conftest import MailOffice, mail_from, until
from tests.drivers.peers.imap_talk import PASSWORD, USER

ROOT = Path(__file__).parents[3]


@contextlib.asynccontextmanager
async def technician(mail: MailOffice, *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m drivers.mail` on the peers; killed in the end, if it was not before."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "drivers.mail", "--address", USER, "--imap-host", "127.0.0.1", "--smtp-host", "127.0.0.1",
        "--imap-port", str(mail.imap.port), "--smtp-port", str(mail.smtp.port), "--imap-security", "plain",
        "--smtp-security", "plain", *words,
        cwd=ROOT, env=os.environ | {"CENTRALITA_MAIL_PASSWORD": PASSWORD}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await asyncio.wait_for(process.communicate(), 10)


async def test_it_works(mail: MailOffice, living: Living) -> None:
    """Between storing and marking: the message is not marked, and comes again."""
    mail.imap.inbox.put(mail_from())
    mail.imap.faults.plan("UID STORE", "silence")
    async with technician(mail, "listen") as process:
        assert process.stdout
        assert b"m1@cliente.example" in await asyncio.wait_for(process.stdout.readline(), 30)
        await asyncio.wait_for(until(lambda: mail.imap.faults.seen.get("UID STORE")), 10)
        process.kill()
    assert mail.imap.inbox.messages[1].flags == set()
    async with living(mail.driver()) as sink:
        await sink.until(inbounds=1)
        await asyncio.wait_for(until(lambda: mail.imap.inbox.messages[1].flags), 5)


async def test_between_the_message_and_its_receipt(mail: MailOffice) -> None:
    """It is out, once; whoever was killed claimed nothing."""
    mail.smtp.faults.plan("TAKEN", "silence")
    async with technician(mail, "send", "ana@cliente.example", "Hola", "--key", "k9") as process:
        await asyncio.wait_for(until(lambda: mail.smtp.delivered), 30)
        process.kill()
        said, _ = await process.communicate()
    assert said == b""
    assert len(mail.smtp.delivered) == 1
    assert b"Message-ID: <k9@oficina.example>" in mail.smtp.delivered[0].raw
