"""/sesion: one more life for this session, and where somebody lands who came in again in another tab."""

from datetime import datetime
from math import ceil
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency

from app.accounts.pages import cookies
from app.accounts.sessions import extend_session
from app.frame.auth import signed_in
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.pages import ascii_json, page
from app.frame.refused import NotFound

AnyRequest = Request[Any, Any, Any]


@get("/sesion", guards=[signed_in], include_in_schema=False)
async def back_again(request: AnyRequest) -> Response[str]:
    """The other tab goes on by itself as soon as this page is there."""
    return page(request, "accounts/session.html")


@post("/sesion", guards=[signed_in], include_in_schema=False, status_code=200)
async def stay(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Somebody pressed «Seguir conectado»."""
    actor = request.user
    if actor.session_id is None:
        raise NotFound(_("Esa sesión ya está cerrada."))
    async with office.database.unit(actor=actor) as db:
        ends = await extend_session(db, actor.session_id, office.settings.session_h)
    return _until(ends, request, office)


def _until(ends: datetime, request: AnyRequest, office: Office) -> Response[str]:
    """The cookie lasts as long, and the page hears how long that is."""
    left_s = ceil((ends - now_utc()).total_seconds())
    response = Response("", headers={"HX-Trigger": ascii_json({"session:ends": {"left": left_s}})})
    cookies.put(response, office, cookies.SESSION, request.cookies[cookies.SESSION], left_s)
    return response


routes = (back_again, stay)
