"""/entrar, /entrar/codigo, /salir and the choice of language before that."""

import contextlib
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from app.accounts import logins
from app.accounts.pages import cookies
from app.accounts.sessions import close_session
from app.frame.auth import public
from app.frame.forms import Form, blank, read, refuse
from app.frame.i18n import LANGUAGES
from app.frame.office import Office
from app.frame.pages import bare, fragment, go
from app.frame.refused import NotFound, Refused

YEAR_S = 365 * 24 * 3600
AnyRequest = Request[Any, Any, Any]


class Login(msgspec.Struct):
    """What the form asks."""

    name: Annotated[str, msgspec.Meta(max_length=254)]
    password: Annotated[str, msgspec.Meta(max_length=logins.PASSWORD_MAX)]
    next: str = "/"


class Code(msgspec.Struct):
    """The second step."""

    code: Annotated[str, msgspec.Meta(max_length=40)]


def show(request: AnyRequest, template: str, form: Form[Any], status: int = 200, **context: Any) -> Response[str]:
    """The whole page, or its form alone for htmx."""
    if request.headers.get("HX-Request"):
        return fragment(f"accounts/_{template}.html", status=status, form=form, **context)
    return bare("accounts/login.html", status=status, part=f"accounts/_{template}.html", form=form, **context)


async def is_ready(office: Office) -> bool:
    """Whether the wizard is done; another process or a command may have done it."""
    if not office.profile.ready:
        await office.reload()
    return office.profile.ready


@get("/entrar", guards=[public], include_in_schema=False)
async def login_page(
    request: AnyRequest, office: NamedDependency[Office], siguiente: FromQuery[str] = "/"
) -> Response[str]:
    """The login form."""
    if not await is_ready(office):
        return go("/instalacion", request)
    if request.user.user_id:
        return go(cookies.local_path(siguiente), request)
    return show(request, "password", blank(next=cookies.local_path(siguiente)))


@post("/entrar", guards=[public], include_in_schema=False, status_code=200)
async def log_in(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """First step: name and password."""
    form, visitor = read(Login, await request.form()), cookies.visitor(request)
    if not form.ok:
        return show(request, "password", form, 422)
    try:
        user = await logins.check_password(office, form.value.name, form.value.password, visitor)
    except Refused as refused:
        return _again(request, "password", form, refused)
    next_url = cookies.local_path(form.value.next)
    return await cookies.enter(request, office, user, next_url)


@get("/entrar/codigo", guards=[public], include_in_schema=False)
async def code_page(
    request: AnyRequest, office: NamedDependency[Office], respaldo: FromQuery[bool] = False
) -> Response[str]:
    """The second step, or its form for a recovery code."""
    if await logins.read_pending(office, request.cookies.get(cookies.PENDING, "")) is None:
        return go("/entrar", request)
    return show(request, "code", blank(), recovery=respaldo)


@post("/entrar/codigo", guards=[public], include_in_schema=False, status_code=200)
async def enter_code(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Second step: the code."""
    waiting = await logins.read_pending(office, request.cookies.get(cookies.PENDING, ""))
    if waiting is None:
        return go("/entrar", request)
    data = await request.form()
    form, recovery = read(Code, data), bool(data.get("recovery"))
    if not form.ok:
        return show(request, "code", form, 422, recovery=recovery)
    user, next_url = waiting
    try:
        await logins.check_code(office, user, form.value.code, cookies.visitor(request))
    except Refused as refused:
        return _again(request, "code", form, refused, recovery=recovery)
    opened = await logins.open_for(office, user, cookies.visitor(request))
    return cookies.let_in(go(next_url, request), office, opened)


@post("/salir", guards=[public], include_in_schema=False, status_code=200)
async def log_out(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Close this session; harmless for who has none."""
    actor = request.user
    if actor.session_id is not None:
        with contextlib.suppress(NotFound):  # closed from elsewhere a moment ago: what was wanted is so
            async with office.database.unit(actor=actor) as db:
                await close_session(db, actor.user_id, actor.session_id)
    response = go("/entrar", request)
    cookies.drop(response, office, cookies.SESSION)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@get("/idioma/{code:str}", guards=[public], include_in_schema=False)
async def choose_language(
    request: AnyRequest, office: NamedDependency[Office], code: FromPath[str], volver: FromQuery[str] = "/entrar"
) -> Response[str]:
    """The language of this browser, for who has not come in yet."""
    back = volver if volver.startswith(("/entrar", "/instalacion", "/invitacion/", "/api/v1/docs")) else "/entrar"
    response = go(back if back.isprintable() else "/entrar", request)
    if code in LANGUAGES:
        cookies.put(response, office, "centralita_idioma", code, YEAR_S)
    return response


def _again(request: AnyRequest, template: str, form: Form[Any], refused: Refused, **context: Any) -> Response[str]:
    """The form with the reason. Too many tries say so in the same place, with their own status."""
    response = show(request, template, refuse(form, refused), refused.status, **context)
    if wait_s := refused.extra.get("retry_after_s"):
        response.headers["Retry-After"] = str(wait_s)
    return response


routes = (login_page, log_in, code_page, enter_code, log_out, choose_language)
