"""Pages and fragments: one template serves first load, update and live refresh."""

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.enums import MediaType
from markupsafe import Markup

from app.frame.here import here
from app.frame.i18n import PLACE
from app.frame.navigation import navigation

AnyRequest = Request[Any, Any, Any]
VARY = {"Vary": "HX-Request, HX-Request-Type, Cookie", "Cache-Control": "no-store"}


def is_partial(request: AnyRequest) -> bool:
    """htmx 4 says whether it wants a part of the page or all of it."""
    return request.headers.get("HX-Request-Type", "") == "partial"


def render(name: str, **context: Any) -> str:
    """A template as text, with person, office and csrf at hand."""
    at = here()
    assert at.office is not None, "no office in this context"
    shared = {
        "person": at.actor,
        "office": at.office.profile,
        "csrf": at.csrf,
        "path": at.path,
        "live_at": at.live_at,
        "version": at.office.version,
        "lang": PLACE.get().locale.replace("_", "-"),
    }
    return at.office.templates.get_template(name).render(shared | context)


def fragment(name: str, *, status: int = 200, headers: dict[str, str] | None = None, **context: Any) -> Response[str]:
    """One fragment; with the shell around it when somebody opened its address by itself."""
    body = render(name, status=status, **context)
    if "base" not in context and opened_alone():
        body = _in_shell(body)
    return Response(body, status_code=status, media_type=MediaType.HTML, headers=VARY | (headers or {}))


def opened_alone() -> bool:
    """A bookmark, a reload, a new tab: a signed-in person's browser asks, and no script of ours."""
    at = here()
    if at.scope is None or at.actor.via != "session" or at.scope["method"] != "GET":
        return False
    return not any(name == b"hx-request" for name, _value in at.scope["headers"])


def _in_shell(body: str) -> str:
    """Titled by the entry of the navigation that it belongs to, which leads back."""
    nav = navigation(here().path)
    current = next((item for group in nav for item in group["items"] if item["current"]), None)
    return render("shell/alone.html", base="layout.html", nav=nav, body=Markup(body), back=current)


def page(request: AnyRequest, name: str, *, status: int = 200, **context: Any) -> Response[str]:
    """A full page, or just its main block when htmx asked for a part."""
    if is_partial(request):
        return fragment(name, status=status, base="partial.html", **context)
    return fragment(name, status=status, base="layout.html", nav=navigation(request.url.path), **context)


def bare(name: str, *, status: int = 200, **context: Any) -> Response[str]:
    """A page without the shell: login, wizard."""
    return fragment(name, status=status, base="bare.html", **context)


def toast(
    response: Response[Any],
    kind: str,
    title: str,
    text: str = "",
    *,
    undo: str = "",
    undo_label: str = "",
    also: dict[str, Any] | None = None,
) -> Response[Any]:
    """Add a toast to an answer; `undo` is a URL to POST to; `also` are further browser events."""
    notice: dict[str, Any] = {"kind": kind, "title": title, "text": text}
    if undo:
        notice["undo"] = {"url": undo, "label": undo_label}
    response.headers["HX-Trigger"] = ascii_json({"aviso": notice} | (also or {}))
    return response


def ascii_json(value: Any) -> str:
    """JSON that fits in a header: non-ASCII is escaped."""
    return "".join(c if c < "\x7f" else _escape(c) for c in msgspec.json.encode(value).decode())


def _escape(char: str) -> str:
    units = char.encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def go(url: str, request: AnyRequest) -> Response[str]:
    """Send the browser elsewhere, whether htmx asked or a plain form did."""
    if request.headers.get("HX-Request"):
        return Response("", status_code=200, headers={"HX-Redirect": url}, media_type=MediaType.HTML)
    return Response("", status_code=303, headers={"Location": url}, media_type=MediaType.HTML)
