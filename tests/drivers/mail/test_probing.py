""""Test connection" says what is wrong and what to do, for each way in which it really goes wrong."""

import asyncio
import socket
from typing import Any

import pytest

from drivers.contract import Probe
from tests.drivers.mail.conftest import MailOffice, server_tls
from tests.drivers.peers.imap import ImapPeer
from tests.drivers.peers.smtp import SmtpPeer

NOWHERE = "no-existe.invalid"


@pytest.fixture(autouse=True)
def _no_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that nobody has is unknown at once, also where a name server would be asked for it."""
    ask = socket.getaddrinfo

    def known(host: Any, *more: Any, **options: Any) -> Any:
        if host == NOWHERE:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return ask(host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", known)


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_it_works(mail: MailOffice) -> None:
    said = await mail.driver().probe()
    assert (said.ok, said.sentence) == (True, "El correo entra y sale bien.")
    assert said.facts["Servidor de entrada (IMAP)"] == "IDLE MOVE UIDPLUS SPECIAL-USE"
    assert said.facts["Tamaño máximo que acepta"] == "10000000"
    assert mail.imap.open == 0


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"imap_host": NOWHERE, "imap_security": "tls"}, "No se encuentra el servidor de entrada (IMAP)."),
        ({"imap_host": "a" * 70, "imap_security": "tls"}, "No se encuentra el servidor de entrada (IMAP)."),
        ({"imap_port": closed_port()}, "El servidor de entrada (IMAP) no acepta la conexión."),
        ({"imap_security": "tls"}, "El servidor de entrada (IMAP) no habla con ese cifrado."),
        ({"imap_security": "starttls"}, "El servidor de entrada (IMAP) no habla con ese cifrado."),
        ({"password": "otra"}, "El servidor de entrada (IMAP) no acepta el usuario o la contraseña."),
        ({"folders": "Nada"}, "Falta en el servidor una de las carpetas de los ajustes."),
        ({"certificate": "no es"}, "El certificado propio que se pegó no se entiende."),
        ({"address": "ventas"}, "La dirección de correo de los ajustes no es válida."),
        ({"imap_host": "mail.oficina.example"}, "La contraseña viajaría sin cifrar por la red."),
        ({"imap_host": "", "smtp_host": ""}, "Esta conexión no tiene servidores."),
    ],
)
async def test_what_is_wrong_on_the_way_in(mail: MailOffice, more: dict[str, Any], sentence: str) -> None:
    if "certificate" in more:
        more["imap_security"] = "tls"
    said = await mail.driver(**more).probe()
    assert (said.ok, said.sentence) == (False, sentence)
    assert said.what_to_do
    mail.imap.nonsense.clear()  # a client that begins with TLS on a plain port is nonsense to it


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"smtp_host": NOWHERE, "smtp_security": "tls"}, "No se encuentra el servidor de salida (SMTP)."),
        ({"smtp_port": closed_port()}, "El servidor de salida (SMTP) no acepta la conexión."),
        ({"smtp_security": "tls"}, "El servidor de salida (SMTP) no habla con ese cifrado."),
        ({"smtp_security": "starttls"}, "El servidor de salida (SMTP) no habla con ese cifrado."),
        ({"password": "otra"}, "El servidor de salida (SMTP) no acepta el usuario o la contraseña."),
    ],
)
async def test_what_is_wrong_on_the_way_out(mail: MailOffice, more: dict[str, Any], sentence: str) -> None:
    said = await mail.driver(**({"imap_host": ""} | more)).probe()
    assert (said.ok, said.sentence) == (False, sentence)
    assert said.what_to_do
    mail.smtp.nonsense.clear()


@pytest.mark.parametrize(("command", "how"), [("GREETING", "silence"), ("LOGIN", "silence"), ("SELECT", "half")])
async def test_a_silent_server(mail: MailOffice, command: str, how: str) -> None:
    mail.imap.faults.plan(command, how)
    said = await asyncio.wait_for(mail.driver(patience_s=0.1).probe(), 5)
    assert said.sentence == "El servidor de entrada (IMAP) no contesta a tiempo."


async def test_a_rude_goodbye_is_no_fault(mail: MailOffice) -> None:
    mail.imap.faults.plan("LOGOUT", "drop")
    mail.smtp.faults.plan("QUIT", "drop")
    assert (await mail.driver().probe()).ok


async def test_a_server_that_hangs_up(mail: MailOffice) -> None:
    mail.imap.faults.plan("LOGIN", "drop")
    assert (await mail.driver().probe()).sentence == "Se cortó la conexión con el servidor de entrada (IMAP)."
    mail.smtp.faults.plan("GREETING", "421 4.3.2 too busy")
    assert (await mail.driver().probe()).sentence == "El servidor de salida (SMTP) está ocupado."


async def test_an_untrusted_certificate() -> None:
    async def asked(**more: Any) -> Probe:
        return await office.driver(imap_security="tls", smtp_security="tls", imap_host="localhost", **more).probe()

    office = MailOffice(ImapPeer(tls=server_tls()), SmtpPeer(tls=server_tls()))
    async with office.serving():
        assert (await asked(smtp_host="localhost")).ok
        said = await asked(certificate="")
        assert said.sentence == "El certificado del servidor de entrada (IMAP) no es de fiar."
        assert "certificado" in said.what_to_do


async def test_no_secret_is_told(mail: MailOffice) -> None:
    said = [await mail.driver().probe(), await mail.driver(password="s3creta").probe()]
    assert "s3creta" not in str(said)
    assert "clave de prueba" not in str(said)
