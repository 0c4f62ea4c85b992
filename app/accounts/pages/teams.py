"""/personas/equipos: teams."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import service, teams
from app.frame.auth import needs
from app.frame.forms import Again, blank, read, refuse
from app.frame.i18n import _
from app.frame.pages import fragment, page, toast
from app.frame.refused import NotFound, Refused

AnyRequest = Request[Any, Any, Any]


class TeamForm(msgspec.Struct):
    """A team's name."""

    name: Annotated[str, msgspec.Meta(max_length=80)]


@get("/personas/equipos", guards=[needs("people.view")], include_in_schema=False)
async def teams_page(request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
    """Teams and how many people each has."""
    return page(request, "accounts/teams.html", tab="teams", form=blank(), **await _list(db))


@post("/personas/equipos", guards=[needs("teams.edit")], include_in_schema=False, status_code=200)
async def create(request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
    """One more team."""
    form = read(TeamForm, await request.form())
    before = await _list(db)
    try:
        team = await teams.create_team(db, str(form.raw.get("name") or ""))
    except Refused as refused:
        raise Again("accounts/_teams.html", form=refuse(form, refused), **before) from refused
    return toast(await _teams(db), "ok", _("Equipo creado: %(name)s", name=team.name))


@post("/personas/equipos/{team_id:int}", guards=[needs("teams.edit")], include_in_schema=False, status_code=200)
async def rename(request: AnyRequest, db: NamedDependency[AsyncSession], team_id: FromPath[int]) -> Response[str]:
    """Another name."""
    form, team, before = read(TeamForm, await request.form()), await teams.get_team(db, team_id), await _list(db)
    try:
        await teams.rename_team(db, team, str(form.raw.get("name") or ""))
    except Refused as refused:
        raise Again("accounts/_teams.html", form=blank(), said=refused.sentence, **before) from refused
    return toast(await _teams(db), "ok", _("Cambios guardados"))


@delete("/personas/equipos/{team_id:int}", guards=[needs("teams.edit")], include_in_schema=False, status_code=200)
async def remove(db: NamedDependency[AsyncSession], team_id: FromPath[int]) -> Response[str]:
    """Delete an empty team."""
    before = await _list(db)
    try:
        await teams.delete_team(db, await teams.get_team(db, team_id))
    except NotFound:
        raise
    except Refused as refused:
        raise Again("accounts/_teams.html", status=409, form=blank(), said=refused.sentence, **before) from refused
    return toast(await _teams(db), "ok", _("Equipo eliminado"))


async def _list(db: AsyncSession) -> dict[str, Any]:
    return {"teams": await service.teams(db)}


async def _teams(db: AsyncSession) -> Response[str]:
    await db.flush()
    return fragment("accounts/_teams.html", form=blank(), **await _list(db))


routes = (teams_page, create, rename, remove)
