"""Where messages go: moved when they are stored, copied when they are sent, read from several folders."""

import asyncio

import pytest

from tests.drivers.conftest import Living
from tests.drivers.mail.conftest import MailOffice, hello, mail_from, until
from tests.drivers.peers.imap_store import Folder


@pytest.mark.parametrize("capabilities", ["IMAP4rev1 IDLE MOVE", "IMAP4rev1 UIDPLUS", "IMAP4rev1"])
async def test_it_works(mail: MailOffice, living: Living, capabilities: str) -> None:
    """What is stored is moved as the server can."""
    mail.imap.capabilities = capabilities
    mail.imap.inbox.put(mail_from(nth=1))
    async with living(mail.driver(move_to="Guardado")) as sink:
        await sink.until(inbounds=1)
        await asyncio.wait_for(until(lambda: not mail.imap.inbox.messages), 5)
    assert [kept.raw for kept in mail.imap.folders["Guardado"].messages.values()] == [mail_from(nth=1)]


async def test_what_others_marked_for_removal_stays(mail: MailOffice, living: Living) -> None:
    mail.imap.capabilities = "IMAP4rev1"
    mail.imap.folders["Guardado"] = Folder()
    mail.imap.inbox.put(mail_from(nth=1), {"\\Deleted"})
    async with living(mail.driver(move_to="Guardado", first_days=0)) as sink:
        mail.imap.inbox.put(mail_from(nth=2))
        await sink.until(inbounds=1)
        await asyncio.wait_for(until(lambda: mail.imap.faults.seen.get("NOOP", 0) > 1), 5)
    assert len(mail.imap.inbox.messages) == 2


async def test_several_folders_are_read(mail: MailOffice, living: Living) -> None:
    mail.imap.folders["Pedidos"] = Folder()
    mail.imap.folders["Pedidos"].put(mail_from(nth=1))
    async with living(mail.driver(folders="INBOX\nPedidos\n")) as sink:
        await sink.until(inbounds=1)
        mail.imap.folders["Pedidos"].put(mail_from(nth=2))
        await sink.until(inbounds=2)


async def test_a_copy_of_what_was_sent_is_kept_without_the_hidden(mail: MailOffice, living: Living) -> None:
    line = mail.driver()
    async with living(line):
        await line.send(hello(bcc=("jefe@oficina.example",)))
        await asyncio.wait_for(until(lambda: mail.imap.folders["Sent"].messages), 5)
    kept = mail.imap.folders["Sent"].messages[1]
    assert kept.flags == {"\\Seen"}
    assert kept.raw == mail.smtp.delivered[0].raw
    assert b"jefe" not in kept.raw
    assert "jefe@oficina.example" in mail.smtp.delivered[0].recipients


@pytest.mark.parametrize(("more", "capabilities"), [({"keep_sent": False}, ""), ({}, " X-GM-EXT-1")])
async def test_no_copy_where_none_is_wanted(
    mail: MailOffice, living: Living, more: dict[str, bool], capabilities: str
) -> None:
    mail.imap.capabilities += capabilities
    line = mail.driver(**more)
    async with living(line):
        await line.send(hello())
        await asyncio.wait_for(until(lambda: not line.after.copies), 5)
    assert mail.imap.folders["Sent"].messages == {}


async def test_a_refused_copy_is_no_failure_of_the_line(mail: MailOffice, living: Living) -> None:
    mail.imap.faults.plan("APPEND", "NO [OVERQUOTA] full")
    line = mail.driver()
    async with living(line) as sink:
        await line.send(hello())
        await asyncio.wait_for(until(lambda: not line.after.copies), 5)
        mail.imap.inbox.put(mail_from())
        await sink.until(inbounds=1)
