"""One message over SMTP, and the truth about what became of it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectResponseError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from drivers.contract import NeedsHuman, NotReady, SendError
from drivers.mail import addresses, codes, security
from drivers.mail.building import Built
from drivers.mail.refusals import SENDER, Refusal, verdict
from drivers.mail.settings import SMTP_PORTS, MailSettings
from drivers.mail.words import CIPHER_STEPS, LOGIN_STEPS, METHOD_STEPS, OUT

SLICE = 1 << 16
QUIT_S = 0.3
LOG_IN_FIRST = {530, 534, 535, 538}
METHODS = ("plain", "login", "cram-md5")


class Doubt(Exception):
    """The whole message was given, and no answer came: it may have been taken."""


@asynccontextmanager
async def connected(settings: MailSettings, token: str) -> AsyncIterator[SMTP]:
    """Encrypted and logged in. Raises NotReady, NeedsHuman."""
    security.guard(settings.smtp_host, settings.smtp_security)
    client = SMTP(
        hostname=settings.smtp_host, port=settings.smtp_port or SMTP_PORTS[settings.smtp_security],
        use_tls=settings.smtp_security == "tls", start_tls=settings.smtp_security == "starttls",
        tls_context=security.context(settings), timeout=settings.patience_s,
        local_hostname=addresses.envelope(settings.address).rpartition("@")[2],
    )
    try:
        await _open(client)
        await _log_in(client, settings, token)
        yield client
    finally:
        if client.transport is not None:
            client.transport.abort()  # type: ignore[attr-defined]  # a polite close waits for a server that is silent
        client.close()


async def _open(client: SMTP) -> None:
    try:
        await client.connect()
        await client.ehlo()
    except SMTPResponseException as error:
        raise _turned_away(error) from error
    except (OSError, UnicodeError) as error:
        raise OUT.trouble(error) from error
    except SMTPException as error:  # STARTTLS that the server does not offer
        raise NeedsHuman(OUT.cipher, CIPHER_STEPS) from error


def _turned_away(error: SMTPResponseException) -> NotReady | NeedsHuman:
    """Not now (4xx), not for us (a 5xx greeting, RFC 5321, 3.1), or no STARTTLS."""
    if error.code < 500:
        return NotReady(OUT.busy)
    greeting = isinstance(error, SMTPConnectResponseError | SMTPHeloError)
    return NotReady(OUT.refused) if greeting else NeedsHuman(OUT.cipher, CIPHER_STEPS)


async def _log_in(client: SMTP, settings: MailSettings, token: str) -> None:
    """A server of our own network may ask for nothing; where we have a password and it asks, it gets it."""
    if settings.login == "password" and not settings.password:
        return
    try:
        await _prove(client, settings, token)
    except SMTPAuthenticationError as error:
        if error.code < 500:
            raise NotReady(OUT.busy) from error
        raise NeedsHuman(OUT.login, LOGIN_STEPS) from error
    except (SMTPException, OSError) as error:
        raise OUT.broken(error) from error


async def _prove(client: SMTP, settings: MailSettings, token: str) -> None:
    offered = set(client.server_auth_methods)
    if settings.login == "xoauth2":
        if "xoauth2" not in offered:
            raise NeedsHuman(OUT.method, METHOD_STEPS)
        await client.auth_xoauth2(settings.account, token)
        return
    method = next((m for m in METHODS if m in offered), "")
    if not method:
        raise NeedsHuman(OUT.method, METHOD_STEPS)
    ways = {"plain": client.auth_plain, "login": client.auth_login, "cram-md5": client.auth_crammd5}
    await ways[method](settings.account, settings.password)


async def deliver(client: SMTP, built: Built, sender: str, final_s: float) -> tuple[Refusal, ...]:
    """Answers for whom it was refused; the server has it for the rest.

    Raises SendError, NotReady or NeedsHuman (not sent, for certain), Doubt.
    """
    try:
        refused = await _envelope(client, built, sender)
        await _expect(client, 354)
        await _give(client, built.raw)
    except SMTPResponseException as error:
        raise Refusal(error.code, error.message).error() from error
    except (SMTPException, OSError) as error:
        raise OUT.broken(error) from error
    await _answer(client, final_s)
    await leave(client)
    return tuple(refused)


async def leave(client: SMTP) -> None:
    """The work is done; how the server says goodbye changes nothing."""
    with contextlib.suppress(SMTPException, OSError):
        await client.quit(timeout=QUIT_S)


async def _envelope(client: SMTP, built: Built, sender: str) -> list[Refusal]:
    size = client.esmtp_extensions.get("size", "")
    if size.isdigit() and 0 < int(size) < len(built.raw):
        raise SendError(True, "5.3.4", codes.TOO_BIG)
    try:
        await client.mail(sender, options=[f"SIZE={len(built.raw)}"] if client.supports_extension("size") else None)
    except SMTPSenderRefused as error:
        raise _sender_refused(Refusal(error.code, error.message)) from error
    refused = [no for address in built.recipients if (no := await _recipient(client, address))]
    held = verdict(refused, len(built.recipients) - len(refused))
    if held:
        raise held
    return refused


def _sender_refused(refusal: Refusal) -> SendError | NeedsHuman:
    """At MAIL a server may speak of the log-in (RFC 4954, 6), of the size (552) or of who writes."""
    if refusal.code in LOG_IN_FIRST:
        return NeedsHuman(OUT.login, LOGIN_STEPS)
    big = refusal.code == 552 or refusal.name in ("5.3.4", "5.2.3")
    if big or not refusal.permanent:
        return refusal.error()
    return SendError(True, refusal.name, SENDER)


async def _recipient(client: SMTP, address: str) -> Refusal | None:
    try:
        await client.rcpt(address)
    except SMTPRecipientRefused as error:
        return Refusal(error.code, error.message, address)
    return None


async def _expect(client: SMTP, code: int) -> None:
    response = await client.execute_command(b"DATA")
    if response.code != code:
        raise SMTPResponseException(response.code, response.message)


async def _give(client: SMTP, raw: bytes) -> None:
    """All of it but the last slice, waiting until the line has taken each: lost in here, it was not sent.

    RFC 5321, 4.1.1.4: without the final dot the server must drop what it got.
    """
    wire = dotted(raw)
    last = max(0, len(wire) - SLICE)
    for at in range(0, last, SLICE):
        await _slice(client, wire[at : min(at + SLICE, last)])
    if client.protocol is None:
        raise ConnectionResetError("lost in the middle of the message")
    client.protocol.write(wire[last:])


async def _slice(client: SMTP, piece: bytes) -> None:
    if client.protocol is None:
        raise ConnectionResetError("lost in the middle of the message")
    client.protocol.write(piece)
    async with asyncio.timeout(client.timeout):
        await client.protocol._drain_helper()


async def _answer(client: SMTP, final_s: float) -> None:
    """After the dot: only the server knows. A no is a no; silence is a doubt."""
    if client.protocol is None:
        raise Doubt
    try:
        response = await client.protocol.read_response(timeout=final_s)
    except (SMTPException, OSError) as error:
        raise Doubt from error
    if response.code >= 400:
        raise Refusal(response.code, response.message).error()
    if not 200 <= response.code < 300:
        raise Doubt


def dotted(raw: bytes) -> bytes:
    """Ready for DATA: dots at line begins doubled, line ends CRLF, the dot at the end (RFC 5321, 4.5.2)."""
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines) + b".\r\n"
