"""One connection to a manager interface: opened, logged in, read by one task; answers find who asked by ActionID."""

import asyncio
import contextlib
import hashlib
import secrets
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any

from drivers.contract import N_, NeedsHuman, NotReady
from drivers.telephony.packets import Decoder, Garbled, Packet, encode, version
from drivers.telephony.settings import TelephonySettings

READ = 1 << 16
CLOSING_S = 0.5
OLDEST = 2  # Asterisk 12 brought the events that are understood here
GONE = N_("Se cortó la conexión con la central.")
NOT_OURS = N_("En %(host)s:%(port)s no contesta una central Asterisk.")
NOT_OURS_STEPS = N_("Revise la dirección y el puerto (5038, o 5039 si es cifrada).\nRevise si la conexión va cifrada.")
OLD = N_("La central es anterior a Asterisk 12.")
OLD_STEPS = N_("Actualice la central, o use el modo de enlaces.")
REFUSED = N_("La central no acepta el usuario o la contraseña.")
REFUSED_STEPS = N_(
    "Compare usuario y contraseña con manager.conf.\nRevise que permit= deje entrar a esta máquina.\n"
    "Guarde los ajustes y pulse Reintentar."
)
NO_HOST = N_("Falta la dirección de la central.")
NO_HOST_STEPS = N_("Escríbala en Ajustes, o elija el modo de enlaces.")
CERTIFICATE = N_("El certificado de la central no es de confianza.")
CERTIFICATE_STEPS = N_("Instale un certificado válido, o elija «Cifrada, certificado propio».")


class Lost(Exception):
    """Asked, and no answer came: only the exchange knows whether it did it."""


class Denied(Exception):
    """The exchange said no; its own words."""


class Ami:
    """`ask` waits for one answer, `list` for a list of events; everything else goes to `take`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer_s: float) -> None:
        self.reader, self.writer, self.answer_s = reader, writer, answer_s
        self.decoder = Decoder()
        self.version = 0
        self._over = False
        self._run = secrets.token_hex(4)
        self._count = 0
        self._answers: dict[str, asyncio.Future[Packet]] = {}
        self._lists: dict[str, list[Packet]] = {}

    async def read(self, take: Callable[[list[Packet]], Awaitable[None]]) -> None:
        """Until the connection ends (NotReady) or is cancelled."""
        try:
            while data := await self.reader.read(READ):
                await take([p for p in self.decoder.feed(data) if not self._answered(p)])
        except (OSError, Garbled) as error:
            raise NotReady(GONE) from error
        finally:
            self._forget()
        raise NotReady(GONE)

    def _answered(self, packet: Packet) -> bool:
        """Whether somebody waited for it."""
        number = packet["actionid"]
        if number in self._lists and "event" in packet:
            self._listed(number, packet)
            return True
        waiting = self._answers.get(number)
        if "response" not in packet or "event" in packet or waiting is None:
            return False  # an event, or an answer that comes too late
        if not waiting.done() and not self._begins_list(number, packet):
            waiting.set_result(packet)
        return True

    def _begins_list(self, number: str, packet: Packet) -> bool:
        return number in self._lists and packet["response"] == "Success"

    def _listed(self, number: str, packet: Packet) -> None:
        """An item is kept; the last one, which counts them, is the answer."""
        if packet["eventlist"].lower() != "complete" and not packet["event"].endswith("Complete"):
            self._lists[number].append(packet)
        elif not self._answers[number].done():
            self._answers[number].set_result(packet)

    def _forget(self) -> None:
        self._over = True
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(Lost())

    async def ask(self, action: str, *headers: tuple[str, str], mark: str = "") -> Packet:
        """The answer. Raises NotReady (not asked, for certain), Lost, Denied; ValueError for a header that lies.

        `mark` ends the ActionID, for news that come long after the answer.
        """
        return await self._ask(f"{self._next()}-{mark}" if mark else self._next(), action, headers)

    async def list(self, action: str, *headers: tuple[str, str]) -> list[Packet]:
        """The events that an action answers with."""
        number = self._next()
        items = self._lists[number] = []
        try:
            await self._ask(number, action, headers)
        finally:
            del self._lists[number]
        return items

    def _next(self) -> str:
        self._count += 1
        return f"{self._run}-{self._count}"

    async def _ask(self, number: str, action: str, headers: Iterable[tuple[str, str]]) -> Packet:
        line = encode(action, (("ActionID", number), *headers))
        if self._over or self.writer.is_closing():
            raise NotReady(GONE)
        waiting = self._answers[number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self.answer_s):
                self.writer.write(line)
                await self.writer.drain()
                answer = await waiting
        except (OSError, TimeoutError) as error:
            raise Lost from error
        finally:
            del self._answers[number]
        if answer["response"] == "Error":
            raise Denied(answer["message"])
        return answer


@contextlib.asynccontextmanager
async def connected(settings: TelephonySettings) -> AsyncIterator[Ami]:
    """Connected and greeted, not yet logged in. Raises NotReady or NeedsHuman."""
    reader, writer = await _open(settings)
    try:
        ami = Ami(reader, writer, settings.answer_s)
        ami.version = await _greeted(settings, reader)
        yield ami
    finally:
        writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            await asyncio.wait_for(writer.wait_closed(), CLOSING_S)


def _place(settings: TelephonySettings) -> dict[str, Any]:
    return {"host": settings.host, "port": settings.port}


async def _open(settings: TelephonySettings) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    place = _place(settings)
    if not settings.host:
        raise NeedsHuman(NO_HOST, NO_HOST_STEPS)
    try:
        async with asyncio.timeout(settings.answer_s):
            return await asyncio.open_connection(settings.host, settings.port, ssl=_tls(settings), limit=READ)
    except ssl.SSLCertVerificationError as error:
        raise NeedsHuman(CERTIFICATE, CERTIFICATE_STEPS) from error
    except ssl.SSLError as error:
        raise NeedsHuman(NOT_OURS, NOT_OURS_STEPS, **place) from error
    except TimeoutError as error:
        raise NotReady(N_("La central %(host)s:%(port)s no contesta."), **place) from error
    except OSError as error:
        raise NotReady(_why(error), **place) from error


def _why(error: OSError) -> str:
    if isinstance(error, ConnectionRefusedError):
        return N_("La central %(host)s rechaza el puerto %(port)s: AMI está apagado o es otro puerto.")
    if error.errno is not None and error.errno < 0:  # getaddrinfo's own numbers
        return N_("No existe la máquina %(host)s. Revise el nombre de la central.")
    return N_("No se llega a la central %(host)s:%(port)s. Revise la red.")


def _tls(settings: TelephonySettings) -> ssl.SSLContext | None:
    if settings.tls == "no":
        return None
    context = ssl.create_default_context()
    if settings.tls == "unchecked":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


async def _greeted(settings: TelephonySettings, reader: asyncio.StreamReader) -> int:
    place = _place(settings)
    try:
        async with asyncio.timeout(settings.answer_s):
            line = await reader.readline()
    except TimeoutError as error:
        raise NotReady(N_("En %(host)s:%(port)s hay alguien, pero no saluda."), **place) from error
    except (OSError, ValueError) as error:
        raise NotReady(GONE) from error
    if not line.endswith(b"\n"):
        raise NotReady(GONE)
    return _recent(line, place)


def _recent(line: bytes, place: dict[str, Any]) -> int:
    try:
        found = version(line)
    except Garbled as error:
        raise NeedsHuman(NOT_OURS, NOT_OURS_STEPS, **place) from error
    if found < OLDEST:
        raise NeedsHuman(OLD, OLD_STEPS)
    return found


async def log_in(ami: Ami, settings: TelephonySettings) -> None:
    """By challenge, so that the password never travels (MD5 is what AMI knows; use TLS for more)."""
    try:
        challenge = (await ami.ask("Challenge", ("AuthType", "MD5")))["challenge"]
        key = hashlib.md5((challenge + settings.password).encode(), usedforsecurity=False).hexdigest()
        await ami.ask(
            "Login", ("AuthType", "MD5"), ("Username", settings.username), ("Key", key), ("Events", "call,system")
        )
    except Denied as error:
        raise NeedsHuman(REFUSED, REFUSED_STEPS) from error
    except ValueError as error:  # a user name that is no single line
        raise NeedsHuman(REFUSED, REFUSED_STEPS) from error
    except Lost as error:
        raise NotReady(N_("La central no contestó al entrar.")) from error
