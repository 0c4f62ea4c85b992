"""Meta's Graph as far as both of our drivers need it: strict about address, version, token and who asks."""

import email.parser
import email.policy
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.drivers.peers.wire import Asked, Reply

VERSION, TOKEN = "v23.0", "EAAtest-token.1"
AGENT = re.compile(r"[a-zA-Z0-9\-_]+/[0-9]+\.[0-9]+\.[0-9]+")
Route = Callable[[Asked, re.Match[str]], Reply]


@dataclass(frozen=True)
class FormPart:
    """One part of a multipart form."""

    name: str
    filename: str
    media_type: str
    content: bytes


@dataclass
class GraphPeer:
    """`refusals` are answered first, one to each request that is in order. `routes`: "POST /path" patterns."""

    url: str = ""
    refusals: list[Reply] = field(default_factory=list)
    after_first: list[Reply] = field(default_factory=list)  # refusals once a message was taken
    subscribed: bool = True
    routes: list[tuple[re.Pattern[str], Route]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)

    def on(self, pattern: str, route: Route) -> None:
        self.routes.append((re.compile(pattern), route))

    def apps(self, asked: Asked, _found: re.Match[str]) -> Reply:
        """`subscribed_apps` of an account or page."""
        if asked.method == "POST":
            self.subscribed = True
            return Reply(value={"success": True})
        return Reply(value={"data": [{"id": "1517776481860111", "name": "Centralita"}] if self.subscribed else []})

    def handle(self, asked: Asked) -> Reply:
        assert AGENT.fullmatch(asked.headers["user-agent"]), asked.headers["user-agent"]
        assert "access_token" not in asked.query, "a token in an address is written down everywhere"
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return refusal(190, "Error validating access token", 401)
        for pattern, route in self.routes:
            if found := pattern.fullmatch(f"{asked.method} {asked.path}"):
                return self.refusals.pop(0) if self.refusals else route(asked, found)
        return refusal(2500, "Unknown path components", 400)


def refusal(code: int, message: str = "(#0) Something", status: int = 400, subcode: int = 0, **more: Any) -> Reply:
    """As Meta words it."""
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "Atrace", **more}
    return Reply(status, {"error": error | ({"error_subcode": subcode} if subcode else {})})


def form(asked: Asked) -> dict[str, FormPart]:
    """The parts of a multipart body, by name."""
    kind = asked.headers["content-type"]
    assert kind.startswith("multipart/form-data; boundary="), kind
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + asked.body)
    found = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(name, str)
        assert isinstance(content, bytes)
        found[name] = FormPart(name, part.get_filename() or "", part.get_content_type(), content)
    return found
