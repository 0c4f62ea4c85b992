"""Through Postfix and Dovecot, which nobody here wrote: out, in, answered, refused, returned."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from drivers.contract import Attachment, NeedsHuman, Outbound, SendError
from drivers.mail.driver import MailDriver
from drivers.mail.settings import MailSettings
from tests.drivers.conftest import Living
from tests.drivers.mail.conftest import certificate
from tests.drivers.peers import real_mail
from tests.drivers.peers.real_mail import RealMail
from tests.drivers.peers.smtp import SmtpPeer

pytestmark = [pytest.mark.slow, pytest.mark.skipif(real_mail.why_not() != "", reason=real_mail.why_not())]


@pytest.fixture(scope="module")
def servers() -> Iterator[RealMail]:
    with real_mail.running(*certificate()) as ports:
        yield ports


def line(servers: RealMail, name: str, **more: Any) -> MailDriver:
    given: dict[str, Any] = {
        "address": f"{name}@oficina.example", "name": name.title(), "password": real_mail.PASSWORD,
        "imap_host": "localhost", "imap_port": servers.imap, "imap_security": "starttls",
        "smtp_host": "localhost", "smtp_port": servers.smtp, "smtp_security": "starttls",
        "certificate": certificate()[0].decode(), "patience_s": 10.0,
    }  # fmt: skip
    return MailDriver(MailSettings(**(given | more)))


async def test_it_works(servers: RealMail, living: Living) -> None:
    """STARTTLS and AUTH out, IDLE in, an answer that threads, a copy in the folder that Dovecot calls \\Sent."""
    ana, luis = line(servers, "ana"), line(servers, "luis")
    asked = Outbound(
        key="q1", channel="email", to="luis@oficina.example", bcc=("jefa@oficina.example",), subject="¿Envío mañana?",
        text="Línea uno\n.\n..dos puntos\nFrom aquí\n", html="<p>Línea <b>uno</b><img src='cid:logo'></p>",
        attachments=(
            Attachment(content=b"\x89PNG", media_type="image/png", name="logo.png", inline_id="logo"),
            Attachment(content=b"%PDF", media_type="application/pdf", name="Cotización nº 5 «ñandú».pdf"),
        ),
    )  # fmt: skip
    async with living(ana) as to_ana, living(luis) as to_luis:
        receipt = await ana.send(asked)
        await to_luis.until(inbounds=1, seconds=20)
        got = to_luis.inbounds[0]
        await luis.send(
            Outbound(key="a1", channel="email", to="ana@oficina.example", text="Sí.", reply_to=got.external_id)
        )
        await to_ana.until(inbounds=1, seconds=20)
        async with asyncio.timeout(20):
            while ana.after.copies:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    answer = to_ana.inbounds[0]
    assert got.external_id == receipt.external_id == answer.reply_to
    assert (got.subject, got.text) == ("¿Envío mañana?", "Línea uno\n.\n..dos puntos\nFrom aquí")
    assert [a.name for a in got.attachments] == ["logo.png", "Cotización nº 5 «ñandú».pdf"]
    assert answer.conversation == receipt.external_id
    assert to_luis.said[-1][1] == "IDLE"
    async with living(line(servers, "ana", folders="Enviados")) as kept:
        await kept.until(inbounds=1, seconds=20)
    assert (kept.inbounds[0].external_id, kept.inbounds[0].kind) == (receipt.external_id, "echo")
    async with living(line(servers, "jefa", imap_port=servers.imaps, imap_security="tls")) as hidden:
        await hidden.until(inbounds=1, seconds=20)
    assert "jefa" not in str(hidden.inbounds[0].to) + str(hidden.inbounds[0].copies)


async def test_a_true_bounce_becomes_statuses(servers: RealMail, living: Living) -> None:
    outside = SmtpPeer(for_all=True, port=servers.outside)
    outside.answers["nadie@fuera.example"] = "550 5.1.1 no such user here"
    ana = line(servers, "vuelta", smtp_port=servers.smtps, smtp_security="tls")
    async with outside.serving(), living(ana) as sink:
        receipt = await ana.send(
            Outbound(key="b1", channel="email", to="nadie@fuera.example", cc=("alguien@fuera.example",), text="Hola")
        )
        await sink.until(inbounds=1, statuses=1, seconds=20)
    assert [(s.state, s.external_id, s.key, s.address, s.code, s.final) for s in sink.statuses] == [
        ("failed", receipt.external_id, "b1", "nadie@fuera.example", "5.1.1", True)
    ]
    assert (sink.inbounds[0].kind, sink.inbounds[0].automatic) == ("event", True)
    assert outside.delivered[0].recipients == ("alguien@fuera.example",)


async def test_moved_after_it_is_stored(servers: RealMail, living: Living) -> None:
    luis = line(servers, "orden", move_to="Guardado")
    async with living(luis) as sink:
        await luis.send(Outbound(key="m1", channel="email", to="orden@oficina.example", text="x"))
        await sink.until(inbounds=1, seconds=20)
        async with asyncio.timeout(20):
            while not (luis.inbox and luis.inbox.brought):  # noqa: ASYNC110 (stored comes before moved)
                await asyncio.sleep(0.02)
    async with living(line(servers, "orden", folders="Guardado")) as again:
        await again.until(inbounds=1, seconds=20)


async def test_too_big_and_wrong_password_are_told(servers: RealMail) -> None:
    big = Attachment(content=bytes(1_000_000), name="grande.bin")
    with pytest.raises(SendError, match="demasiado grande"):
        await line(servers, "ana").send(
            Outbound(key="g1", channel="email", to="luis@oficina.example", attachments=(big,))
        )
    with pytest.raises(NeedsHuman, match="usuario o la contraseña"):
        await line(servers, "ana", password="otra").send(
            Outbound(key="g2", channel="email", to="luis@oficina.example", text="x")
        )


async def test_probe_finds_both_sides_well(servers: RealMail) -> None:
    said = await line(servers, "ana").probe()
    assert said.ok, said
    assert "IDLE MOVE" in said.facts["Servidor de entrada (IMAP)"]
    wrong = await line(servers, "ana", password="otra", smtp_host="").probe()
    assert wrong.sentence == "El servidor de entrada (IMAP) no acepta el usuario o la contraseña."
    untrusted = await line(servers, "ana", certificate="").probe()
    assert untrusted.sentence == "El certificado del servidor de entrada (IMAP) no es de fiar."
