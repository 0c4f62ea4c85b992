"""The outermost layer: who is it, in which language, security headers on every answer, one log line, figures."""

import logging
import re
import secrets
import time
from functools import lru_cache
from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Headers
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

from app.frame import i18n
from app.frame.actor import NOBODY
from app.frame.csrf import COOKIE, leave_out_foreign_token
from app.frame.figures import REQUESTS, SECONDS
from app.frame.head import asked_as_get
from app.frame.here import HERE, Here
from app.frame.office import Office

log = logging.getLogger("centralita.requests")
CSP = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = [
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
]
HSTS = (b"strict-transport-security", b"max-age=31536000")
LANGUAGE = "centralita_idioma"
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,40}")
HOST = re.compile(rb"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")  # addresses are built from it: nothing else


class Door:
    """Wraps Litestar's ASGI handler, so that errors and unknown paths pass through it too."""

    def __init__(self, app: ASGIApp, office: Office) -> None:
        self.app = app
        self.office = office
        self.headers = [*HEADERS, HSTS] if office.settings.https else HEADERS

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            scope["user"], scope["auth"] = NOBODY, NOBODY.via  # there is no socket of ours that anybody may open
            await self.app(scope, receive, send)
            return
        if not all(HOST.fullmatch(value) for name, value in scope["headers"] if name == b"host"):
            await self._no_such_host(send)
            return
        started, said, method = time.perf_counter(), [500], scope["method"]
        if method == "HEAD":
            scope, receive, send = asked_as_get(scope, receive, send)
        _without_nul(scope)
        await self._enter(scope, receive)
        answer = self._answering(scope, send, said)
        try:
            await self.app(scope, receive, answer)
        finally:
            self._note(scope, method, said[0], time.perf_counter() - started)

    async def _no_such_host(self, send: Send) -> None:
        """Before anything is built from it."""
        headers = [(b"content-type", b"text/plain; charset=utf-8"), *self.headers]
        await send({"type": "http.response.start", "status": 400, "headers": headers})
        await send({"type": "http.response.body", "body": b"Host?\n", "more_body": False})

    async def _enter(self, scope: Scope, receive: Receive) -> None:
        connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope, receive)
        headers = connection.headers
        given = headers.get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        scope["state"]["request_id"] = request_id
        here = Here(office=self.office, path=scope["path"], request_id=request_id, scope=scope)
        here.live_at = self.office.live.at()
        here.partial = headers.get("hx-request-type") == "partial"
        HERE.set(here)
        wanted = _wanted(connection, headers, self.office.profile.language)
        self._place(wanted)
        if COOKIE in headers.get("cookie", ""):
            leave_out_foreign_token(connection, self.office.settings.secret)
        if not scope["path"].startswith("/static/"):
            here.actor = await self.office.authenticate(connection)
        scope["user"], scope["auth"] = here.actor, here.actor.via
        if here.actor.locale and here.actor.locale != wanted:
            self._place(here.actor.locale)

    def _place(self, language: str) -> None:
        profile = self.office.profile
        i18n.PLACE.set(i18n.place_for(language, profile.country, profile.timezone))

    def _answering(self, scope: Scope, send: Send, said: list[int]) -> Send:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                said[0] = message["status"]
                headers = list(message.get("headers", []))
                present = {name.lower() for name, _ in headers}
                headers += [h for h in self.headers if h[0] not in present]
                headers.append((b"x-request-id", scope["state"]["request_id"].encode()))
                message["headers"] = headers
            await send(message)

        return answer

    def _note(self, scope: Any, method: str, status: int, seconds: float) -> None:
        route = str(scope.get("path_template") or "-")
        _counter(method, route, status).inc()
        if route != "/live":
            _clock(method, route).observe(seconds)
        if not scope["path"].startswith("/static/") and log.isEnabledFor(logging.INFO):
            said = {
                "method": method,
                "path": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
                "user": getattr(scope.get("user"), "user_id", None),
                "request_id": scope["state"]["request_id"],
            }
            # as log.info does, but for its search of who called: that is here, each time
            log.handle(log.makeRecord(log.name, logging.INFO, __file__, 0, "request", (), None, extra=said))


@lru_cache(maxsize=2000)
def _counter(method: str, route: str, status: int) -> Counter:
    return REQUESTS.labels(method, route, str(status))


@lru_cache(maxsize=2000)
def _clock(method: str, route: str) -> Histogram:
    return SECONDS.labels(method, route)


def _without_nul(scope: Scope) -> None:
    """Nobody types one; databases and search indexes end the text there, or refuse it."""
    if b"%00" in scope["query_string"]:
        scope["query_string"] = scope["query_string"].replace(b"%00", b"")
    if "\x00" in scope["path"]:
        scope["path"] = scope["path"].replace("\x00", "")


def _wanted(connection: ASGIConnection[Any, Any, Any, Any], headers: Headers, fallback: str) -> str:
    """The language chosen in this browser before anybody came in, else what the browser prefers."""
    chosen = connection.cookies.get(LANGUAGE) if LANGUAGE in headers.get("cookie", "") else None
    return chosen or i18n.best_language(headers.get("accept-language", ""), fallback)
