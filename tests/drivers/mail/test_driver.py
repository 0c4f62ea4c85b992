"""A mailbox from end to end against our own strict peers."""

import asyncio
import logging
from email import message_from_bytes

import pytest

from drivers.contract import NeedsHuman, NotReady
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.mail.conftest import MailOffice, hello, mail_from, server_tls, until
from tests.drivers.peers.imap import ImapPeer
from tests.drivers.peers.smtp import SmtpPeer


async def test_it_works(mail: MailOffice, living: Living) -> None:
    mail.imap.inbox.put(mail_from(nth=1))
    line = mail.driver()
    async with living(line) as sink:
        await sink.until(inbounds=1)
        receipt = await line.send(hello(reply_to="<m1@cliente.example>"))
        answer = mail_from(nth=2, In_Reply_To=receipt.external_id)
        mail.imap.inbox.put(answer)
        await sink.until(inbounds=2)
    first, second = sink.inbounds
    assert (first.external_id, first.subject, first.text) == ("<m1@cliente.example>", "Consulta 1", "Buenas.")
    assert second.reply_to == receipt.external_id == "<k1@oficina.example>"
    sent = message_from_bytes(mail.smtp.delivered[0].raw)
    assert (sent["In-Reply-To"], sent["References"]) == ("<m1@cliente.example>", "<m1@cliente.example>")
    assert {"\\Seen"} == mail.imap.inbox.messages[1].flags
    assert sink.said[-1] == ("ventas@oficina.example", "IDLE")


@pytest.mark.parametrize("starttls", [False, True])
async def test_encrypted_both_ways(living: Living, starttls: bool) -> None:
    office = MailOffice(ImapPeer(tls=server_tls(), starttls=starttls), SmtpPeer(tls=server_tls(), starttls=starttls))
    office.imap.inbox.put(mail_from())
    way = "starttls" if starttls else "tls"
    async with office.serving():
        line = office.driver(imap_host="localhost", smtp_host="localhost", imap_security=way, smtp_security=way)
        async with living(line) as sink:
            await sink.until(inbounds=1)
            assert (await line.send(hello())).state == "sent"
    assert len(office.smtp.delivered) == 1


async def test_nothing_is_marked_before_it_is_stored(mail: MailOffice) -> None:
    mail.imap.inbox.put(mail_from())
    sink = Collecting()
    sink.fails = True
    with pytest.raises(OSError, match="disk full"):
        await mail.driver().run(sink)
    assert mail.imap.inbox.messages[1].flags == set()
    assert "UID STORE" not in mail.imap.faults.seen


async def test_a_new_life_goes_on_where_the_last_one_ended(mail: MailOffice, living: Living) -> None:
    mail.imap.inbox.put(mail_from(nth=1))
    async with living(mail.driver()) as sink:
        await sink.until(inbounds=1)
        await mail.imap.idling.wait()
    mail.imap.inbox.put(mail_from(nth=2))
    second = Collecting()
    second.kept = sink.kept
    life = asyncio.create_task(mail.driver().run(second))
    await second.until(inbounds=1)
    life.cancel()
    assert [i.external_id for i in second.inbounds] == ["<m2@cliente.example>"]


async def test_renumbered_folders_lose_nothing(mail: MailOffice, living: Living) -> None:
    mail.imap.inbox.put(mail_from(nth=1))
    async with living(mail.driver()) as sink:
        await sink.until(inbounds=1)
    mail.imap.inbox.put(mail_from(nth=2))
    mail.imap.inbox.renumber()
    second = Collecting()
    second.kept = sink.kept
    life = asyncio.create_task(mail.driver().run(second))
    await second.until(inbounds=2)
    life.cancel()
    assert [i.external_id for i in second.inbounds] == ["<m1@cliente.example>", "<m2@cliente.example>"]


async def test_only_the_last_days_come_the_first_time(mail: MailOffice, living: Living) -> None:
    mail.imap.inbox.put(mail_from(nth=1))
    async with living(mail.driver(first_days=0)) as sink:
        await mail.imap.idling.wait()
        mail.imap.inbox.put(mail_from(nth=2))
        await sink.until(inbounds=1)
    assert [i.external_id for i in sink.inbounds] == ["<m2@cliente.example>"]


async def test_without_idle_it_asks(mail: MailOffice, living: Living) -> None:
    mail.imap.capabilities = "IMAP4rev1"
    async with living(mail.driver()) as sink:
        mail.imap.inbox.put(mail_from())
        await sink.until(inbounds=1)
    assert sink.said[-1][1] == "NOOP"


async def test_an_idle_that_is_refused_becomes_asking(mail: MailOffice, living: Living) -> None:
    mail.imap.faults.plan("IDLE", "NO not today")
    async with living(mail.driver()) as sink:
        mail.imap.inbox.put(mail_from())
        await sink.until(inbounds=1)
    assert mail.imap.faults.seen["IDLE"] == 1


@pytest.mark.parametrize("moment", ["IDLE", "UID STORE", "UID SEARCH"])
async def test_what_arrives_at_any_moment_is_seen_at_once(mail: MailOffice, living: Living, moment: str) -> None:
    """Also a notice in the same packet as the server's "+", or one told in passing with another answer."""
    waiting = [mail_from(nth=2)]
    mail.imap.faults.hook = lambda command: waiting and command == moment and mail.imap.inbox.put(waiting.pop())
    mail.imap.inbox.put(mail_from(nth=1))
    async with living(mail.driver(idle_s=600)) as sink:
        await sink.until(inbounds=2)


async def test_the_wait_is_renewed(mail: MailOffice, living: Living) -> None:
    renewed = asyncio.Event()
    mail.imap.faults.hook = lambda command: renewed.set() if mail.imap.faults.seen.get("IDLE", 0) > 2 else None
    async with living(mail.driver(idle_s=0.05)):
        await asyncio.wait_for(renewed.wait(), 5)


async def test_a_lost_wait_is_taken_up_again_at_once(mail: MailOffice, living: Living) -> None:
    async with living(mail.driver(idle_s=0.05)) as sink:
        mail.imap.faults.plan("UID SEARCH", "drop")
        await asyncio.wait_for(until(lambda: mail.imap.faults.seen.get("GREETING", 0) == 2), 5)
        mail.imap.inbox.put(mail_from())
        await sink.until(inbounds=1)


async def test_a_read_only_folder_is_read(mail: MailOffice, living: Living) -> None:
    mail.imap.readonly = True
    mail.imap.inbox.put(mail_from())
    async with living(mail.driver()) as sink:
        await sink.until(inbounds=1)
        await mail.imap.idling.wait()


async def test_a_huge_message_comes_as_its_beginning(mail: MailOffice, living: Living) -> None:
    mail.imap.inbox.put(mail_from() + b"x" * (1 << 20))
    async with living(mail.driver(read_max_mb=1)) as sink:
        await sink.until(inbounds=1)
    assert sink.inbounds[0].note.startswith("El mensaje es muy grande")
    assert len(sink.inbounds[0].text) < 100_000


async def test_a_message_that_the_server_cannot_give_does_not_stop_the_line(mail: MailOffice, living: Living) -> None:
    for nth in (1, 2, 3):
        mail.imap.inbox.put(mail_from(nth=nth))
    for _message in range(2):
        mail.imap.faults.plan("UID FETCH", "", times=1)
        mail.imap.faults.plan("UID FETCH", "NO broken", times=2)
    async with living(mail.driver()) as sink:
        await sink.until(inbounds=3)
    first, second, third = sink.inbounds
    assert first.note.startswith("El servidor no pudo")
    assert first.external_id != second.external_id
    assert third.external_id == "<m3@cliente.example>"


async def test_a_wrong_password_asks_a_person(mail: MailOffice) -> None:
    with pytest.raises(NeedsHuman, match="usuario o la contraseña"):
        await mail.driver(password="otra").run(Collecting())


async def test_a_busy_server_is_waited_for(mail: MailOffice) -> None:
    mail.imap.login_answer = "NO [UNAVAILABLE] try later"
    with pytest.raises(NotReady, match="ocupado"):
        await mail.driver().run(Collecting())


async def test_a_missing_folder_asks_a_person(mail: MailOffice) -> None:
    with pytest.raises(NeedsHuman, match="carpetas"):
        await mail.driver(folders="Nada").run(Collecting())
    mail.imap.faults.plan("SELECT", "NO [INUSE] locked")
    with pytest.raises(NotReady, match="ocupado"):
        await mail.driver().run(Collecting())


async def test_what_is_slipped_in_before_the_encryption_is_not_believed() -> None:
    office = MailOffice(ImapPeer(tls=server_tls(), starttls=True))
    office.imap.faults.plan("STARTTLS", "OK begin\r\n* CAPABILITY IMAP4rev1 EVIL")
    async with office.serving():
        with pytest.raises(NotReady, match="Se cortó"):
            await office.driver(imap_host="localhost", imap_security="starttls").run(Collecting())


async def test_the_log_tells_no_secret_and_no_message(
    mail: MailOffice, living: Living, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    mail.imap.inbox.put(mail_from())
    mail.imap.faults.plan("APPEND", "NO full")
    line = mail.driver()
    async with living(line) as sink:
        await sink.until(inbounds=1)
        await line.send(hello())
        await asyncio.wait_for(until(lambda: not line.after.copies), 5)
    assert "no copy of a sent message" in caplog.text
    for secret in ("clave de prueba", "Buenas", "Buenos", "cliente.example"):
        assert secret not in caplog.text


async def test_a_password_never_travels_in_the_clear() -> None:
    line = MailOffice().driver(imap_host="mail.oficina.example", smtp_host="mail.oficina.example")
    with pytest.raises(NeedsHuman, match="sin cifrar"):
        await line.run(Collecting())
    with pytest.raises(NeedsHuman, match="sin cifrar"):
        await line.send(hello())


async def test_sending_alone_needs_no_mailbox(mail: MailOffice, living: Living) -> None:
    line = mail.driver(imap_host="")
    async with living(line) as sink:
        await line.send(hello())
    assert sink.said == [("ventas@oficina.example", "SMTP")]


async def test_describe_tells_no_secret(mail: MailOffice, living: Living) -> None:
    line = mail.driver()
    async with living(line):
        said = await line.describe()
    assert said["Espera de correo"] == "IDLE"
    assert "clave de prueba" not in str(said)
