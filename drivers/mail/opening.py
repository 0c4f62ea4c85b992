"""The way into a mailbox: connect, encrypt, log in."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from drivers.contract import NeedsHuman, NotReady
from drivers.mail import security
from drivers.mail.mailbox import Mailbox, spoken
from drivers.mail.session import Lost, No, Session, open_session
from drivers.mail.settings import IMAP_PORTS, MailSettings
from drivers.mail.wire import string
from drivers.mail.words import CIPHER_STEPS, IN, LOGIN_STEPS, METHOD_STEPS


@asynccontextmanager
async def open_mailbox(settings: MailSettings, token: str) -> AsyncIterator[Mailbox]:
    """Connected, encrypted, logged in; gone at the end. `token` is the access token where OAuth2 is used."""
    with spoken():
        session = await _connect(settings)
    try:
        with spoken():
            await _greet(session, settings)
            await _log_in(session, settings, token)
            if not any(c.startswith(b"IMAP4") for c in session.capabilities):
                await session.command(b"CAPABILITY")
        yield Mailbox(session, settings.read_max_mb << 20)
    finally:
        session.abort()


async def _connect(settings: MailSettings) -> Session:
    security.guard(settings.imap_host, settings.imap_security)
    tls = security.context(settings) if settings.imap_security == "tls" else None
    port = settings.imap_port or IMAP_PORTS[settings.imap_security]
    most = 2 * (settings.read_max_mb << 20)  # what a server says of a size is sometimes a guess
    return await open_session(settings.imap_host, port, tls, patience_s=settings.patience_s, literal_max=most)


async def _greet(session: Session, settings: MailSettings) -> None:
    if (greeting := await session.next()).word != b"OK":
        raise Lost(greeting.text)
    if settings.imap_security == "starttls":
        await _encrypt(session, settings)
    if not session.capabilities:
        await session.command(b"CAPABILITY")


async def _encrypt(session: Session, settings: MailSettings) -> None:
    try:
        await session.start_tls(security.context(settings), settings.imap_host)
    except No as error:
        raise NeedsHuman(IN.cipher, CIPHER_STEPS) from error


async def _log_in(session: Session, settings: MailSettings, token: str) -> None:
    """Forgets the capabilities of before: what is true may change with the log-in."""
    before, session.capabilities = session.capabilities, frozenset()
    try:
        await _prove(session, settings, token, before)
    except No as error:
        if error.passing:
            raise NotReady(IN.busy) from error
        raise NeedsHuman(IN.login, LOGIN_STEPS) from error


async def _prove(session: Session, settings: MailSettings, token: str, before: frozenset[bytes]) -> None:
    user = settings.account
    if settings.login == "xoauth2":
        if b"AUTH=XOAUTH2" not in before:
            raise NeedsHuman(IN.method, METHOD_STEPS)
        await session.authenticate(b"XOAUTH2", base64.b64encode(f"user={user}\1auth=Bearer {token}\1\1".encode()))
    elif b"LOGINDISABLED" not in before:
        await session.command(b"LOGIN", string(user), string(settings.password))
    elif b"AUTH=PLAIN" in before:
        await session.authenticate(b"PLAIN", base64.b64encode(f"\0{user}\0{settings.password}".encode()))
    else:
        raise NeedsHuman(IN.method, METHOD_STEPS)
