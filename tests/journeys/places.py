"""Where one can go from a page: what its links and its htmx addresses name; and a walk to all of it."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

LINK = re.compile(r'\b(?:href|hx-get|src)="([^"]+)"')
ENDING = ("/salir", "/idioma/")
STARTS = ("/", "/contactos", "/ajustes")
MOST = 400


def places_in(page: str, here: str) -> set[str]:
    """Addresses of this office named in a page, without what ends the visit."""
    found = set()
    for said in LINK.findall(page):
        address = unescape(said)
        if address.startswith(("#", "tel:", "mailto:", "data:", "http://", "https://", "//")):
            continue
        whole = urlsplit(urljoin(here, address))
        path = whole.path + (f"?{whole.query}" if whole.query else "")
        if not path.startswith(ENDING):
            found.add(path)
    return found


def kind_of(path: str) -> str:
    """Pages that differ by a number or by their query alone are of one kind."""
    plain = urlsplit(path)
    names = ",".join(sorted(part.partition("=")[0] for part in plain.query.split("&")))
    return re.sub(r"\d+", "N", plain.path) + ("" if plain.path.startswith("/static/") else f"?{names}")


@dataclass
class Walk:
    """What somebody met: what went wrong by address, the pages with their text, and how many places there were."""

    bad: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    seen: int = 0


async def walk(client: Any, per_kind: int = 2) -> Walk:
    """Open every address as a person would who typed it, until there are no new kinds of places."""
    todo: list[tuple[str, str]] = [(path, "") for path in STARTS]
    kinds: dict[str, int] = {}
    done, seen = Walk(), set[str]()
    while todo and len(seen) < MOST:
        path, source = todo.pop(0)
        if path in seen or kinds.get(kind_of(path), 0) >= per_kind:
            continue
        seen.add(path)
        kinds[kind_of(path)] = kinds.get(kind_of(path), 0) + 1
        answer = await client.get(path)
        if answer.status_code not in (200, 204, 303):
            done.bad[path] = f"{answer.status_code}, linked from {source}"
        if "html" in answer.headers.get("content-type", "") and answer.status_code == 200:
            done.pages[path] = answer.text
            todo += [(place, path) for place in sorted(places_in(answer.text, path))]
    done.seen = len(seen)
    return done
