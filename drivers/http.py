"""HTTP to a provider: a limit on every wait, and the difference between "not sent" and "perhaps sent".

`Unreachable`: no connection was made (name, refusal, certificate), so nothing left. `Unanswered`: the request was
(partly) written and no whole answer came; who sent something that has no key must take it for doubtful. Both are
NotReady, so reading and probing need no care of their own.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import httpx
import msgspec

from drivers.contract import N_, NeedsHuman, NotReady

ANSWER_MAX = 16 * 1024 * 1024
CHUNK = 64 * 1024

UNKNOWN_HOST = N_("No se encuentra el servidor %(host)s.")
UNKNOWN_HOST_STEPS = N_("Revise que haya internet y que la dirección esté bien escrita.")
REFUSED = N_("El servidor %(host)s no acepta la conexión.")
REFUSED_STEPS = N_("Revise la dirección y el puerto, y que el servidor esté encendido.")
CERTIFICATE = N_("El certificado de %(host)s no es de confianza.")
CERTIFICATE_STEPS = N_("Revise la dirección, y la fecha y la hora de esta máquina.")
INSECURE = N_("El servidor %(host)s no habla de forma segura (TLS).")
SLOW = N_("El servidor %(host)s no contestó a tiempo.")
SLOW_STEPS = N_("Revise la conexión a internet. Se intentará de nuevo.")
CUT = N_("La conexión con %(host)s se cortó antes de la respuesta.")
TOO_MUCH = N_("El servidor %(host)s contestó más de lo que cabe.")
TOO_MUCH_STEPS = N_("Revise que la dirección sea la del proveedor.")
BAD_ADDRESS = N_("La dirección del servidor está mal escrita.")
BAD_ADDRESS_STEPS = N_("Escríbala completa, con https:// al inicio, y guarde.")


class Unreachable(NotReady):
    """No connection, so nothing was sent. `what_to_do` for people."""

    def __init__(self, sentence: str, what_to_do: str, /, **facts: Any) -> None:
        super().__init__(sentence, **facts)
        self.what_to_do = what_to_do


class Unanswered(NotReady):
    """Written, perhaps whole, and no whole answer: it may have been done. `what_to_do` for people."""

    def __init__(self, sentence: str, what_to_do: str, /, **facts: Any) -> None:
        super().__init__(sentence, **facts)
        self.what_to_do = what_to_do


class TooMuch(Unanswered):
    """More came than was wanted; asking again would bring the same."""


class Times(msgspec.Struct, frozen=True, kw_only=True):
    """Limits in seconds: for a connection, for each silence, and for the whole exchange."""

    connect_s: float = 8.0
    silence_s: float = 20.0
    whole_s: float = 40.0


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back; `headers` in lower case. The body of a download is in its file."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    size: int = 0

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """None when it is not JSON."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None


class Web:
    """One provider. Connections are kept while `open()`; outside of it each question has its own.

    Proxies of the environment are not used: what is reached is what the settings say. Redirections are not followed,
    so that a token goes nowhere else.
    """

    def __init__(
        self, base_url: str = "", *, headers: Mapping[str, str] | None = None, times: Times | None = None
    ) -> None:
        self.base_url = base_url.strip()
        self.headers = dict(headers or {})
        self.times = times or Times()
        self._kept: httpx.AsyncClient | None = None

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Raises NeedsHuman when the address is none."""
        async with self._new() as client:
            self._kept = client
            try:
                yield
            finally:
                self._kept = None

    async def ask(
        self, method: str, url: str, *, value: Any = None, headers: Mapping[str, str] | None = None,
        times: Times | None = None, most: int = ANSWER_MAX, **more: Any,
    ) -> Answer:
        """One exchange; `value` goes as JSON, `more` as httpx takes it (params, content, data, files).

        Raises Unreachable, Unanswered (TooMuch among them), NeedsHuman (no address). Any HTTP status is an Answer.
        """
        if value is not None:
            more["content"] = msgspec.json.encode(value)
            headers = {"content-type": "application/json", **(headers or {})}
        async with self._exchange(method, url, times or self.times, headers=headers, **more) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > most:
                    raise TooMuch(TOO_MUCH, TOO_MUCH_STEPS, host=_host(response.request.url))
            return _answer(response, bytes(body), len(body))

    async def download(
        self, url: str, into: Path, *, most: int, headers: Mapping[str, str] | None = None, times: Times | None = None,
    ) -> Answer:
        """GET into a file, which is there whole or not at all. No file when the status is not 2xx: the body says why.

        Raises as `ask` does, and TooMuch for more than `most` bytes.
        """
        async with self._exchange("GET", url, times or self.times, headers=headers) as response:
            if not response.is_success:
                return _answer(response, await response.aread(), 0)
            with _whole_file(into) as file:
                async for chunk in response.aiter_bytes(CHUNK):
                    file.write(chunk)  # 64 KB into the page cache: quicker than a hop to a thread
                    if file.tell() > most:
                        raise TooMuch(TOO_MUCH, TOO_MUCH_STEPS, host=_host(response.request.url))
                size = file.tell()
            return _answer(response, b"", size)

    @contextlib.asynccontextmanager
    async def _exchange(
        self, method: str, url: str, times: Times, headers: Mapping[str, str] | None, **more: Any
    ) -> AsyncIterator[httpx.Response]:
        async with contextlib.AsyncExitStack() as stack:
            client = self._kept
            if client is None:
                client = await stack.enter_async_context(self._new())
            with _as_trouble(client, url):
                limits = httpx.Timeout(times.silence_s, connect=times.connect_s, pool=times.whole_s)
                async with (
                    asyncio.timeout(times.whole_s),
                    client.stream(method, url, headers=headers, timeout=limits, **more) as response,
                ):
                    yield response

    def _new(self) -> httpx.AsyncClient:
        try:
            base = httpx.URL(self.base_url)
        except httpx.InvalidURL as error:
            raise NeedsHuman(BAD_ADDRESS, BAD_ADDRESS_STEPS) from error
        if self.base_url and (base.scheme not in ("http", "https") or not base.host):
            raise NeedsHuman(BAD_ADDRESS, BAD_ADDRESS_STEPS)
        return httpx.AsyncClient(base_url=base, headers=self.headers, verify=_trusted(), trust_env=False)


@cache
def _trusted() -> ssl.SSLContext:
    """Reading the authorities costs tens of milliseconds: once is enough."""
    return httpx.create_ssl_context()


def _answer(response: httpx.Response, body: bytes, size: int) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(status=response.status_code, headers=headers, body=body, size=size)


@contextlib.contextmanager
def _as_trouble(client: httpx.AsyncClient, url: str) -> Iterator[None]:
    """Failures of the network become ours. PoolTimeout and all of connecting come before the first byte."""
    try:
        host = _host(client.base_url.join(url)) or _host(client.base_url)
        yield
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise NeedsHuman(BAD_ADDRESS, BAD_ADDRESS_STEPS) from error
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Unreachable(*_why_unreachable(error), host=host) from error
    except (httpx.TimeoutException, TimeoutError) as error:
        raise Unanswered(SLOW, SLOW_STEPS, host=host) from error
    except (httpx.TransportError, httpx.DecodingError) as error:
        raise Unanswered(CUT, SLOW_STEPS, host=host) from error


def _why_unreachable(error: Exception) -> tuple[str, str]:
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return CERTIFICATE, CERTIFICATE_STEPS
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return INSECURE, REFUSED_STEPS
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return UNKNOWN_HOST, UNKNOWN_HOST_STEPS
    if isinstance(error, httpx.TimeoutException):
        return SLOW, SLOW_STEPS
    return REFUSED, REFUSED_STEPS


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from _causes(inner)
        error = error.__cause__ or error.__context__


def _host(url: httpx.URL) -> str:
    """Host and odd port; never the path or query, where ids and tokens may be."""
    return f"{url.host}:{url.port}" if url.port else url.host


@contextlib.contextmanager
def _whole_file(into: Path) -> Iterator[BinaryIO]:
    """A file that appears under its name when all of it is there."""
    part = into.with_name(into.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(into)
    finally:
        part.unlink(missing_ok=True)
