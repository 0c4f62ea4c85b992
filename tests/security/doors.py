"""Every route of the office, with addresses and bodies that nobody sensible would send."""

import re
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from litestar import Litestar
from litestar.routes import HTTPRoute

ROOT = Path(__file__).parents[2]
TEXTS = (
    "a\x00b",
    "<script>alert(1)</script>",
    "'; DROP TABLE contacts; --",
    "\u202eabc\u2066😀",
    "²",
    "99999999999999999999999999",
    "-1",
    "NaN",
    "../../../../etc/passwd",
    "{{7*7}}${7*7}%s%(x)s",
    "a\r\nX-Injected: 1",
    "x" * 350,
)
POSTGRESQL_TEXTS = ("a\x00b", "99999999999999999999999999", "\u202eabc\u2066😀")
NUMBERS = ("0", "9223372036854775807", "9223372036854775808", "9" * 400)
SANE = {
    "address_channel": "phone",
    "address_value": "+50688881234",
    "country": "CR",
    "days": "3",
    "email": "nadie@irazu.example",
    "filter": "sort=name",
    "kind": "sim",
    "language": "es",
    "owner_id": "",
    "password": "una frase bien larga 77",
    "role": "agent",
    "sort": "name",
    "status": "nuevo",
    "team_id": "",
    "team_ids": "1",
    "timezone": "America/Costa_Rica",
    "version": "1",
}
TEMPLATE_NAME = re.compile(r'\bname="(\w+)"|\b[a-z]\w+\("(\w+)"')
PYTHON_NAME = re.compile(r'^ {4}(\w+): |\.get(?:all)?\("(\w+)"|name="(\w+)"', re.M)


@dataclass(frozen=True)
class Door:
    """A method of a path."""

    method: str
    path: str

    def addresses(self) -> Iterator[str]:
        """The path with something odd in each place; once when it has none."""
        if ":int}" in self.path:
            yield from (self.filled(number=number) for number in NUMBERS)
        elif "{" in self.path:
            yield from (self.filled(text=text) for text in TEXTS)
        else:
            yield self.path

    def filled(self, number: str = "1", text: str = "x") -> str:
        text = urllib.parse.quote(text, safe="")
        return re.sub(r"\{\w+:(\w+)\}", lambda place: number if place[1] == "int" else text, self.path)


def doors(app: Litestar) -> list[Door]:
    """All but the static files and the stream, which never ends."""
    routes = [r for r in app.routes if isinstance(r, HTTPRoute) and not r.path.startswith(("/static", "/live"))]
    methods = [(m, r.path) for r in routes for h in r.route_handlers for m in h.http_methods if m != "OPTIONS"]
    return sorted({Door(*pair) for pair in methods}, key=lambda door: (door.path, door.method))


def vocabulary() -> list[str]:
    """Every name that a form, a query or a page of ours may use; a few words too many do no harm."""
    found: set[str] = set()
    for folder, kind, pattern in (("web/templates", "html", TEMPLATE_NAME), ("app", "py", PYTHON_NAME)):
        for path in (ROOT / folder).rglob(f"*.{kind}"):
            if kind == "html" or "pages" in path.as_posix() or path.stem in ("filters", "asked"):
                found.update(name for groups in pattern.findall(path.read_text("utf-8")) for name in groups if name)
    return sorted(found - {"_csrf_token"})
