""""Test connection": logs in on both sides and says what is wrong and what to do. Nothing is read or sent."""

import asyncio
from collections.abc import Mapping

from drivers.contract import N_, NeedsHuman, NotReady, Probe, SendError, Sink
from drivers.mail import addresses, smtp
from drivers.mail.oauth import Permission
from drivers.mail.opening import open_mailbox
from drivers.mail.settings import MailSettings
from drivers.mail.words import IN, OUT, what_to_do

PROBE_S = 12.0
FINE = N_("El correo entra y sale bien.")
FINE_IN = N_("El correo entra bien. Esta conexión no envía.")
FINE_OUT = N_("El correo sale bien. Esta conexión no recibe.")
NO_SERVER = N_("Esta conexión no tiene servidores.")
NO_SERVER_STEPS = N_("Escriba en los ajustes el servidor de entrada, el de salida o los dos.")
BAD_ADDRESS = N_("La dirección de correo de los ajustes no es válida.")
BAD_ADDRESS_STEPS = N_("Escríbala completa, por ejemplo ventas@oficina.example.")


async def probe(settings: MailSettings, permission: Permission, sink: Sink | None) -> Probe:
    """Never raises for what the world does; ends within seconds."""
    if not settings.imap_host and not settings.smtp_host:
        return Probe(ok=False, sentence=NO_SERVER, what_to_do=NO_SERVER_STEPS)
    try:
        addresses.envelope(settings.address)
        token = await permission.token(sink)
        facts = await _incoming(settings, token) if settings.imap_host else {}
        facts |= await _outgoing(settings, token) if settings.smtp_host else {}
    except (NotReady, NeedsHuman) as trouble:
        return Probe(ok=False, sentence=trouble.sentence, what_to_do=what_to_do(trouble))
    except SendError:
        return Probe(ok=False, sentence=BAD_ADDRESS, what_to_do=BAD_ADDRESS_STEPS)
    return Probe(ok=True, sentence=_fine(settings), facts=facts)


def _fine(settings: MailSettings) -> str:
    if settings.imap_host and settings.smtp_host:
        return FINE
    return FINE_IN if settings.imap_host else FINE_OUT


async def _incoming(settings: MailSettings, token: str) -> dict[str, str]:
    try:
        async with asyncio.timeout(PROBE_S / 2), open_mailbox(settings, token) as mailbox:
            for folder in settings.watched:
                await mailbox.select(folder)
            known = [c for c in (b"IDLE", b"MOVE", b"UIDPLUS", b"SPECIAL-USE") if mailbox.can(c)]
            await mailbox.leave()
    except TimeoutError as error:
        raise IN.trouble(error) from error
    return {N_("Servidor de entrada (IMAP)"): b" ".join(known).decode()}


async def _outgoing(settings: MailSettings, token: str) -> Mapping[str, str]:
    try:
        async with asyncio.timeout(PROBE_S / 2), smtp.connected(settings, token) as client:
            facts = {N_("Tamaño máximo que acepta"): client.esmtp_extensions.get("size", "")}
            await smtp.leave(client)
    except TimeoutError as error:
        raise OUT.trouble(error) from error
    return facts
