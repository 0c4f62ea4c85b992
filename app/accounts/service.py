"""What other modules may ask of accounts."""

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import Membership, Team, User


class Person(msgspec.Struct, frozen=True):
    """Somebody of the office, as lists and selects need them."""

    id: int
    name: str
    role: str
    team_ids: tuple[int, ...]
    disabled: bool


class TeamRow(msgspec.Struct, frozen=True):
    """A team and how many active people it has."""

    id: int
    name: str
    members: int


async def people(db: AsyncSession, *, active: bool = False) -> list[Person]:
    """Everybody by name; `active` leaves out who was disabled."""
    teams: dict[int, list[int]] = {}
    for user_id, team_id in await db.execute(select(Membership.user_id, Membership.team_id).order_by("team_id")):
        teams.setdefault(user_id, []).append(team_id)
    query = select(User.id, User.name, User.role, User.disabled_at).order_by(func.lower(User.name), User.id)
    rows = await db.execute(query.where(User.disabled_at.is_(None)) if active else query)
    return [Person(i, name, role, tuple(teams.get(i, ())), disabled is not None) for i, name, role, disabled in rows]


async def teams(db: AsyncSession) -> list[TeamRow]:
    """Teams by name."""
    members = func.count(User.id)
    query = (
        select(Team.id, Team.name, members)
        .outerjoin(Membership, Membership.team_id == Team.id)
        .outerjoin(User, (User.id == Membership.user_id) & User.disabled_at.is_(None))
        .group_by(Team.id, Team.name)
        .order_by(func.lower(Team.name))
    )
    return [TeamRow(*row) for row in await db.execute(query)]


async def person_name(db: AsyncSession, user_id: int | None) -> str:
    """The name of a person; empty for nobody."""
    return "" if user_id is None else await db.scalar(select(User.name).where(User.id == user_id)) or ""


async def works_here(db: AsyncSession, user_id: int) -> bool:
    """Whether it is somebody of the office who was not disabled."""
    found = select(User.id).where(User.id == user_id, User.disabled_at.is_(None))
    return await db.scalar(found) is not None


async def is_team(db: AsyncSession, team_id: int) -> bool:
    return await db.scalar(select(Team.id).where(Team.id == team_id)) is not None
