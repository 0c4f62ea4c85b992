"""The list of people as its page shows it: searched, filtered, by name, a page at a time."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import Membership, Team, User
from app.frame.actor import Actor

PAGE = 50


class Wanted(msgspec.Struct, frozen=True):
    """What is asked of the list; `after` is the id of the last person shown."""

    q: str = ""
    role: str = ""
    team: int | None = None
    state: str = ""
    after: int | None = None


class Row(msgspec.Struct):
    """One person on the page."""

    id: int
    name: str
    email: str
    username: str
    role: str
    has_2fa: bool
    invited: bool
    disabled_at: datetime | None
    last_login_at: datetime | None
    teams: list[str] = []


COLUMNS = (
    User.id, User.name, User.email, User.username, User.role, User.totp_secret.is_not(None), User.password_hash == "",
    User.disabled_at, User.last_login_at,
)  # fmt: skip


async def people_page(db: AsyncSession, actor: Actor, wanted: Wanted) -> tuple[list[Row], int | None]:
    """Rows and the `after` of the next page, None on the last one."""
    query = _filtered(_reachable(select(*COLUMNS), actor), wanted)
    if wanted.after is not None:
        query = query.where(_beyond(wanted.after))
    found = (await db.execute(query.order_by(func.lower(User.name), User.id).limit(PAGE + 1))).all()
    rows = [Row(*row) for row in found[:PAGE]]
    await _add_teams(db, rows)
    return rows, (rows[-1].id if len(found) > PAGE else None)


def _beyond(last_id: int) -> Any:
    last = select(func.lower(User.name)).where(User.id == last_id).scalar_subquery()
    name = func.lower(User.name)
    return or_(name > last, and_(name == last, User.id > last_id))


def _reachable(query: Select[Any], actor: Actor) -> Select[Any]:
    """Only whom the actor's scope of people.view reaches."""
    scope = actor.scope("people.view")
    if scope == "all":
        return query
    mine = [User.id == actor.user_id]
    if scope == "team":
        mine.append(User.id.in_(select(Membership.user_id).where(Membership.team_id.in_(actor.team_ids))))
    return query.where(or_(*mine))


def _filtered(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.q:
        text = wanted.q.strip().lower()
        columns = (func.lower(User.name), User.email, User.username)
        query = query.where(or_(*(column.contains(text, autoescape=True) for column in columns)))
    if wanted.role:
        query = query.where(User.role == wanted.role)
    if wanted.team is not None:
        query = query.where(User.id.in_(select(Membership.user_id).where(Membership.team_id == wanted.team)))
    states = {
        "active": User.disabled_at.is_(None),
        "disabled": User.disabled_at.is_not(None),
        "invited": and_(User.disabled_at.is_(None), User.password_hash == ""),
    }
    return query.where(states[wanted.state]) if wanted.state in states else query


async def _add_teams(db: AsyncSession, rows: list[Row]) -> None:
    by_id = {row.id: row for row in rows}
    query = (
        select(Membership.user_id, Team.name)
        .join(Team, Team.id == Membership.team_id)
        .where(Membership.user_id.in_(by_id))
        .order_by(func.lower(Team.name))
    )
    for user_id, name in await db.execute(query):
        by_id[user_id].teams = [*by_id[user_id].teams, name]
