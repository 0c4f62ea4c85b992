"""/ajustes: what each person chooses, and their sessions."""

from typing import Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import keys, people, sessions, totp
from app.accounts.pages.choices import permission_titles
from app.accounts.pages.cookies import local_path
from app.accounts.preferences import prefer
from app.frame.auth import signed_in
from app.frame.forms import Again, blank, read
from app.frame.i18n import LANGUAGES, _
from app.frame.office import Office
from app.frame.pages import fragment, go, page, toast

AnyRequest = Request[Any, Any, Any]


class Preferences(msgspec.Struct):
    """The preferences' form."""

    locale: str = ""
    theme: str = ""
    single_keys: bool = False


class Quick(msgspec.Struct):
    """What the shell's own buttons change."""

    theme: str | None = None
    single_keys: str | None = None


@get("/ajustes", guards=[signed_in], include_in_schema=False)
async def settings_page(
    request: AnyRequest, office: NamedDependency[Office], db: NamedDependency[AsyncSession]
) -> Response[str]:
    """Everything that is one's own."""
    actor, user = request.user, await people.get_person(db, request.user.user_id)
    return page(
        request, "accounts/settings.html",
        user=user, form=blank(locale=user.locale, theme=user.theme, single_keys=user.single_keys),
        language_options=tuple(LANGUAGES.items()), codes_left=await totp.codes_left(db, user.id),
        keys=await keys.keys_of(db, user.id), titles=permission_titles(office, actor),
        sessions=await sessions.sessions_of(db, user.id), here_id=actor.session_id,
    )  # fmt: skip


@post("/ajustes/perfil", guards=[signed_in], include_in_schema=False, status_code=200)
async def save_preferences(request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
    """Language, theme, single keys. The page is loaded again: all of it may look different."""
    form = read(Preferences, await request.form())
    if not form.ok:
        options = tuple(LANGUAGES.items())
        raise Again("accounts/_preferences.html", form=form, language_options=options)
    said = form.value
    user = await people.get_person(db, request.user.user_id)
    await prefer(db, user, locale=said.locale, theme=said.theme, single_keys=said.single_keys)
    return go("/ajustes", request)


@post("/ajustes/tema", guards=[signed_in], include_in_schema=False, status_code=204)
async def save_quick(request: AnyRequest, db: NamedDependency[AsyncSession]) -> None:
    """The theme and single-keys switches of the shell."""
    said = read(Quick, await request.form()).value
    user = await people.get_person(db, request.user.user_id)
    await prefer(db, user, theme=said.theme, single_keys=None if said.single_keys is None else said.single_keys == "on")


@post("/ajustes/idioma", guards=[signed_in], include_in_schema=False, status_code=200)
async def save_language(request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
    """The language, from the person's menu; back to the same page."""
    data = await request.form()
    await prefer(db, await people.get_person(db, request.user.user_id), locale=str(data.get("language", "")))
    return go(local_path(str(data.get("back", "/"))), request)


@delete("/ajustes/sesiones/{session_id:int}", guards=[signed_in], include_in_schema=False, status_code=200)
async def close_one(request: AnyRequest, db: NamedDependency[AsyncSession], session_id: FromPath[int]) -> Response[str]:
    """Close one session of one's own."""
    await sessions.close_session(db, request.user.user_id, session_id)
    return await _sessions(request, db, _("Sesión cerrada"))


@post("/ajustes/sesiones/cerrar", guards=[signed_in], include_in_schema=False, status_code=200)
async def close_others(request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
    """Close every session but this one."""
    await sessions.close_sessions(db, request.user.user_id, keep=request.user.session_id)
    return await _sessions(request, db, _("Las demás sesiones se cerraron"))


async def _sessions(request: AnyRequest, db: AsyncSession, said: str) -> Response[str]:
    await db.flush()
    found = await sessions.sessions_of(db, request.user.user_id)
    response = fragment("accounts/_sessions.html", sessions=found, here_id=request.user.session_id)
    return toast(response, "ok", said)


routes = (settings_page, save_preferences, save_quick, save_language, close_one, close_others)
