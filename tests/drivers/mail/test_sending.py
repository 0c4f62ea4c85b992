"""What the driver says of a message that it sent: the truth, also when the server says little."""

import asyncio

import pytest

from drivers.contract import Attachment, NeedsHuman, NotReady, SendError
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.mail.conftest import MailOffice, hello


async def test_it_works(mail: MailOffice) -> None:
    receipt = await mail.driver().send(hello(cc=("luis@cliente.example",), bcc=("jefe@oficina.example",)))
    sent = mail.smtp.delivered[0]
    assert (receipt.state, receipt.external_id) == ("sent", "<k1@oficina.example>")
    assert sent.sender == "ventas@oficina.example"
    assert sent.recipients == ("ana@cliente.example", "luis@cliente.example", "jefe@oficina.example")


@pytest.mark.parametrize(
    ("command", "answer", "permanent", "code"),
    [
        ("MAIL", "451 4.3.0 try later", False, "4.3.0"),
        ("MAIL", "552 too big", True, "552"),
        ("MAIL", "553 5.7.1 not yours", True, "5.7.1"),
        ("RCPT", "550 5.1.1 no such user", True, "5.1.1"),
        ("RCPT", "451 4.7.1 greylisted", False, "4.7.1"),
        ("RCPT", "421 too busy", False, "421"),
        ("DATA", "451 4.3.2 not now", False, "4.3.2"),
        ("DATA", "554 5.5.1 no", True, "5.5.1"),
        ("BEFORE_TAKEN", "554 5.7.1 spam", True, "5.7.1"),
        ("BEFORE_TAKEN", "452 4.2.2 full", False, "4.2.2"),
    ],
)
async def test_a_refusal_is_again_or_never(
    mail: MailOffice, command: str, answer: str, permanent: bool, code: str
) -> None:
    mail.smtp.faults.plan(command, answer)
    with pytest.raises(SendError) as refused:
        await mail.driver().send(hello())
    assert (refused.value.permanent, refused.value.code) == (permanent, code)
    assert (refused.value.after_s is None) == permanent
    assert mail.smtp.delivered == []


@pytest.mark.parametrize("how", ["drop", "silence", "half"])
@pytest.mark.parametrize("command", ["GREETING", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"])
async def test_a_break_before_the_message_is_not_sent(mail: MailOffice, command: str, how: str) -> None:
    mail.smtp.faults.plan(command, how)
    with pytest.raises(NotReady):
        await mail.driver(patience_s=0.1).send(hello())
    assert mail.smtp.delivered == []


async def test_a_short_message_leaves_with_its_dot_so_that_silence_is_a_doubt(mail: MailOffice) -> None:
    mail.smtp.faults.plan("BODY", "silence")
    assert (await mail.driver(final_patience_s=0.1).send(hello())).state == "doubtful"


async def test_a_break_in_the_middle_of_a_long_message_is_not_sent(mail: MailOffice) -> None:
    mail.smtp.faults.plan("BODY", "drop")
    big = Attachment(content=bytes(4_000_000), name="grande.bin")
    with pytest.raises(NotReady):
        await mail.driver().send(hello(attachments=(big,)))


@pytest.mark.parametrize("how", ["drop", "silence", "half"])
@pytest.mark.parametrize(("moment", "stored"), [("BEFORE_TAKEN", 0), ("TAKEN", 1)])
async def test_no_answer_after_the_dot_is_a_doubt(mail: MailOffice, moment: str, stored: int, how: str) -> None:
    mail.smtp.faults.plan(moment, how)
    receipt = await mail.driver(final_patience_s=0.1).send(hello())
    assert (receipt.state, receipt.external_id) == ("doubtful", "<k1@oficina.example>")
    assert len(mail.smtp.delivered) == stored


async def test_nonsense_after_the_dot_is_a_doubt(mail: MailOffice) -> None:
    mail.smtp.faults.plan("TAKEN", "hello there")
    assert (await mail.driver().send(hello())).state == "doubtful"


async def test_who_is_refused_is_told_apart(mail: MailOffice, living: Living) -> None:
    mail.smtp.answers["nadie@cliente.example"] = "550 5.1.1 no such user"
    line = mail.driver()
    async with living(line) as sink:
        receipt = await line.send(hello(cc=("nadie@cliente.example",)))
        await sink.until(statuses=1)
    assert receipt.note.startswith("Enviado, pero no para todos")
    assert [(s.state, s.address, s.code, s.external_id, s.key) for s in sink.statuses] == [
        ("failed", "nadie@cliente.example", "5.1.1", "<k1@oficina.example>", "k1")
    ]
    assert mail.smtp.delivered[0].recipients == ("ana@cliente.example",)


async def test_news_that_cannot_be_stored_do_not_make_a_sent_message_look_unsent(mail: MailOffice) -> None:
    """They are kept until somebody takes them."""
    mail.smtp.answers["nadie@cliente.example"] = "550 5.1.1 no such user"
    line = mail.driver(imap_host="")
    assert (await line.send(hello(cc=("nadie@cliente.example",)))).state == "sent"
    sink = Collecting()
    life = asyncio.create_task(line.run(sink))
    await sink.until(statuses=1)
    life.cancel()


async def test_one_who_must_wait_holds_all_back(mail: MailOffice) -> None:
    """Sent to the others now, it would come twice to them at the next try."""
    mail.smtp.answers["lenta@cliente.example"] = "451 4.7.1 greylisted"
    with pytest.raises(SendError) as held:
        await mail.driver().send(hello(cc=("lenta@cliente.example",)))
    assert not held.value.permanent
    assert mail.smtp.delivered == []


async def test_what_is_too_big_is_not_even_offered(mail: MailOffice) -> None:
    mail.smtp.size = 1000
    with pytest.raises(SendError, match="demasiado grande"):
        await mail.driver().send(hello(text="x" * 2000))
    assert "MAIL" not in mail.smtp.faults.seen


@pytest.mark.parametrize("to", ["", "ana", "ana@", "@x.example", "ana@x.example\r\nRCPT TO:<b@x.example>"])
async def test_what_is_no_address_reaches_no_server(mail: MailOffice, to: str) -> None:
    with pytest.raises(SendError) as refused:
        await mail.driver().send(hello(to=to))
    assert refused.value.permanent
    assert mail.smtp.faults.seen == {}


async def test_a_wrong_password_asks_a_person(mail: MailOffice) -> None:
    with pytest.raises(NeedsHuman, match="usuario o la contraseña"):
        await mail.driver(password="otra").send(hello())
    with pytest.raises(NeedsHuman, match="usuario o la contraseña"):
        await mail.driver(password="").send(hello())
    mail.smtp.faults.plan("AUTH", "454 4.7.0 later")
    with pytest.raises(NotReady):
        await mail.driver().send(hello())


@pytest.mark.parametrize("methods", ["PLAIN", "LOGIN"])
async def test_either_way_of_logging_in(mail: MailOffice, methods: str) -> None:
    mail.smtp.methods = methods
    assert (await mail.driver().send(hello())).state == "sent"
    mail.smtp.methods = "GSSAPI"
    with pytest.raises(NeedsHuman, match="forma de entrada"):
        await mail.driver().send(hello())


async def test_another_channel_or_no_server_is_refused(mail: MailOffice) -> None:
    with pytest.raises(SendError, match="canal"):
        await mail.driver().send(hello(channel="sms"))
    with pytest.raises(SendError, match="solo recibe"):
        await mail.driver(smtp_host="").send(hello())


@pytest.mark.parametrize("answer", ["554 5.7.1 not you", "421 4.7.0 too many"])
async def test_a_server_that_turns_us_away_at_the_door_is_waited_for(mail: MailOffice, answer: str) -> None:
    mail.smtp.faults.plan("GREETING", answer)
    with pytest.raises(NotReady):
        await mail.driver().send(hello())


async def test_several_at_once(mail: MailOffice) -> None:
    line = mail.driver()
    await asyncio.gather(*[line.send(hello(f"k{nth}")) for nth in range(20)])
    assert len(mail.smtp.delivered) == 20
