"""Teams: groups of people who share work."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import matrix
from app.accounts.cache import forget_actors
from app.accounts.events import TeamDeleted
from app.accounts.models import Membership, Team
from app.frame import audit, bus, live
from app.frame.db import now_utc
from app.frame.i18n import _, ngettext
from app.frame.refused import Conflict, NotFound, Refused

NAME_MIN, NAME_MAX = 2, 80


async def get_team(db: AsyncSession, team_id: int) -> Team:
    team = await db.get(Team, team_id)
    if team is None:
        raise NotFound(_("Ese equipo ya no existe."))
    return team


async def create_team(db: AsyncSession, name: str) -> Team:
    team = Team(name=await _free_name(db, name, None), created_at=now_utc())
    db.add(team)
    await db.flush()
    audit.record(db, "team.created", "team", team.id, after={"name": team.name})
    live.nudge(db, matrix.TOPIC)
    return team


async def rename_team(db: AsyncSession, team: Team, name: str) -> None:
    before, team.name = team.name, await _free_name(db, name, team.id)
    if before != team.name:
        audit.record(db, "team.changed", "team", team.id, {"name": before}, {"name": team.name})
        live.nudge(db, matrix.TOPIC)


async def delete_team(db: AsyncSession, team: Team) -> None:
    """Only an empty team: work that belongs to it must not be left to nobody by surprise."""
    members = await db.scalar(select(func.count()).where(Membership.team_id == team.id)) or 0
    if members:
        raise Refused(
            ngettext(
                "El equipo tiene %(n)s persona. Muévala antes a otro.",
                "El equipo tiene %(n)s personas. Muévalas antes a otro.",
                members,
            ),
            status=409,
        )
    await db.delete(team)
    audit.record(db, "team.deleted", "team", team.id, before={"name": team.name})
    await bus.emit(db, TeamDeleted(team.id))
    forget_actors(db)
    live.nudge(db, matrix.TOPIC)


async def _free_name(db: AsyncSession, name: str, own_id: int | None) -> str:
    name = " ".join(name.split())
    if len(name) < NAME_MIN:
        raise Refused(_("Escriba al menos %(n)s caracteres.", n=NAME_MIN), "name")
    if len(name) > NAME_MAX:
        raise Refused(_("Escriba %(n)s caracteres como máximo.", n=NAME_MAX), "name")
    twins = await db.scalars(select(Team.id).where(func.lower(Team.name) == name.lower()))
    if set(twins) - {own_id}:
        raise Conflict(_("Ya hay un equipo con ese nombre."), "name")
    return name
