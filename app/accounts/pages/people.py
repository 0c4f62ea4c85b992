"""/personas: the list of people, and each of them."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import invitations, keys, people, service, sessions, totp
from app.accounts.listing import Wanted, people_page
from app.accounts.models import User
from app.accounts.pages.choices import role_options
from app.frame.auth import needs
from app.frame.forms import Again, blank, read, refuse
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.pages import fragment, is_partial, page, toast
from app.frame.refused import Conflict, Forbidden, NotFound, Refused

AnyRequest = Request[Any, Any, Any]
Line = Annotated[str, msgspec.Meta(max_length=254)]


class PersonForm(msgspec.Struct):
    """Who somebody is."""

    name: Line
    email: Line
    role: str
    team_ids: list[int] = []


@get("/personas", guards=[needs("people.view")], include_in_schema=False)
async def list_page(
    request: AnyRequest,
    db: NamedDependency[AsyncSession],
    q: FromQuery[str] = "",
    rol: FromQuery[str] = "",
    equipo: FromQuery[str] = "",
    estado: FromQuery[str] = "",
    desde: FromQuery[int | None] = None,
) -> Response[str]:
    """Everybody within reach; the rows alone for a search or the next page."""
    team = int(equipo) if equipo.isdecimal() and len(equipo) < 18 else None
    wanted = Wanted(q=q[:100], role=rol, team=team, state=estado, after=desde)
    rows, after = await people_page(db, request.user, wanted)
    context: dict[str, Any] = {"rows": rows, "after": after, "wanted": wanted, "roles": role_options()}
    rows_alone = is_partial(request) and request.headers.get("HX-Target", "").endswith("rows")
    if rows_alone or desde is not None:
        return fragment("accounts/_people_rows.html", **context)
    return page(request, "accounts/people.html", tab="people", teams=await service.teams(db), **context)


@get("/personas/nueva", guards=[needs("people.edit")], include_in_schema=False)
async def new_form(db: NamedDependency[AsyncSession]) -> Response[str]:
    """The form of a new person, for the dialog."""
    return fragment("accounts/_new_person.html", form=blank(role="agent"), **await _choices(db))


@post("/personas", guards=[needs("people.edit")], include_in_schema=False, status_code=200)
async def create(
    request: AnyRequest, office: NamedDependency[Office], db: NamedDependency[AsyncSession]
) -> Response[str]:
    """Create and invite: the answer shows the link."""
    form = read(PersonForm, await request.form())
    choices = await _choices(db)
    if not form.ok:
        raise Again("accounts/_new_person.html", form=form, **choices)
    said = form.value
    try:
        user = await people.create_person(
            db, email=said.email, name=said.name, role=said.role, team_ids=_reachable_teams(request, said.team_ids)
        )
        link = await invitations.make_link(db, user, office.settings.url)
    except Refused as refused:
        raise Again("accounts/_new_person.html", form=refuse(form, refused), **choices) from refused
    return fragment("accounts/_link.html", user=user, link=link, purpose="invite")


@get("/personas/{user_id:int}", guards=[needs("people.view")], include_in_schema=False)
async def person_page(request: AnyRequest, db: NamedDependency[AsyncSession], user_id: FromPath[int]) -> Response[str]:
    """One person: who they are, how they come in."""
    user, team_ids = await _reachable(request, db, user_id)
    form = blank(name=user.name, email=user.email, role=user.role, team_ids=[str(t) for t in team_ids])
    return page(request, "accounts/person.html", form=form, **await _about(request, db, user), **await _choices(db))


@post("/personas/{user_id:int}", guards=[needs("people.edit")], include_in_schema=False, status_code=200)
async def change(request: AnyRequest, db: NamedDependency[AsyncSession], user_id: FromPath[int]) -> Response[str]:
    """Save who somebody is."""
    form = read(PersonForm, await request.form())
    user, _team_ids = await _reachable(request, db, user_id)
    context = {"user": user, "editable": True, **await _choices(db)}
    if not form.ok:
        raise Again("accounts/_person_form.html", form=form, **context)
    said = form.value
    try:
        await people.change_person(db, user, email=said.email, name=said.name, role=said.role, team_ids=said.team_ids)
    except Forbidden:
        raise
    except Refused as refused:
        raise Again("accounts/_person_form.html", form=refuse(form, refused), **context) from refused
    return toast(fragment("accounts/_person_form.html", form=form, **context), "ok", _("Cambios guardados"))


@post("/personas/{user_id:int}/enlace", guards=[needs("people.edit")], include_in_schema=False, status_code=200)
async def make_link(
    request: AnyRequest, office: NamedDependency[Office], db: NamedDependency[AsyncSession], user_id: FromPath[int]
) -> Response[str]:
    """A one-time link, shown once."""
    user, _team_ids = await _reachable(request, db, user_id)
    link = await invitations.make_link(db, user, office.settings.url)
    return fragment("accounts/_link.html", user=user, link=link, purpose="reset" if user.password_hash else "invite")


@post("/personas/{user_id:int}/baja", guards=[needs("people.edit")], include_in_schema=False, status_code=200)
async def disable(request: AnyRequest, db: NamedDependency[AsyncSession], user_id: FromPath[int]) -> Response[str]:
    """Nobody comes in as this person."""
    return await _act(request, db, user_id, people.disable_person, _("Persona desactivada"))


@delete("/personas/{user_id:int}/baja", guards=[needs("people.edit")], include_in_schema=False, status_code=200)
async def enable(request: AnyRequest, db: NamedDependency[AsyncSession], user_id: FromPath[int]) -> Response[str]:
    """The person may come in again."""
    return await _act(request, db, user_id, people.enable_person, _("Persona activada"))


@delete("/personas/{user_id:int}/sesiones", guards=[needs("people.edit")], include_in_schema=False, status_code=200)
async def close_all(request: AnyRequest, db: NamedDependency[AsyncSession], user_id: FromPath[int]) -> Response[str]:
    """Close every session of somebody: a lost telephone, a computer that is not theirs."""
    return await _act(request, db, user_id, _close, _("Sesiones cerradas"))


@delete("/personas/{user_id:int}/verificacion", guards=[needs("people.edit")], include_in_schema=False, status_code=200)
async def drop_factor(request: AnyRequest, db: NamedDependency[AsyncSession], user_id: FromPath[int]) -> Response[str]:
    """Turn somebody's second factor off: the telephone is lost and so are the codes."""
    return await _act(request, db, user_id, _drop, _("Verificación en dos pasos desactivada"))


async def _close(db: AsyncSession, user: User) -> None:
    await people.touch(db, user)
    await sessions.close_sessions(db, user.id)


async def _drop(db: AsyncSession, user: User) -> None:
    await people.touch(db, user)
    await totp.disable(db, user)


async def _act(request: AnyRequest, db: AsyncSession, user_id: int, act: Any, said: str) -> Response[str]:
    user, _team_ids = await _reachable(request, db, user_id)
    try:
        await act(db, user)
    except Forbidden:
        raise
    except Refused as refused:
        await db.refresh(user)
        raise Again(
            "accounts/_access.html", status=refused.status, said=refused.sentence, **await _about(request, db, user)
        ) from refused
    await db.flush()
    return toast(fragment("accounts/_access.html", said="", **await _about(request, db, user)), "ok", said)


def _reachable_teams(request: AnyRequest, team_ids: list[int]) -> list[int]:
    """Who may only edit their team puts new people into it."""
    actor = request.user
    if actor.scope("people.edit") != "all" and not set(team_ids) <= set(actor.team_ids):
        raise Conflict(_("Elija uno de sus equipos."), "team_ids")
    return team_ids


async def _reachable(request: AnyRequest, db: AsyncSession, user_id: int) -> tuple[User, list[int]]:
    """Somebody within the actor's scope; else as if they were not there."""
    user, team_ids = await people.get_person(db, user_id), await people.team_ids_of(db, user_id)
    if not people.within(request.user, "people.view", user_id, team_ids):
        raise NotFound(_("Esa persona no existe."))
    return user, team_ids


async def _about(request: AnyRequest, db: AsyncSession, user: User) -> dict[str, Any]:
    editable = people.within(request.user, "people.edit", user.id, await people.team_ids_of(db, user.id))
    return {
        "user": user,
        "editable": editable,
        "sessions": await sessions.sessions_of(db, user.id),
        "keys": await keys.keys_of(db, user.id),
    }


async def _choices(db: AsyncSession) -> dict[str, Any]:
    return {"roles": role_options(), "teams": await service.teams(db)}


routes = (list_page, new_form, create, person_page, change, make_link, disable, enable, close_all, drop_factor)
