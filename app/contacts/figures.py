"""Figures of the contacts a person may see: counted when asked, by indexes, never stored."""

from datetime import timedelta

import msgspec
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.models import Contact, Status
from app.contacts.scope import visible
from app.frame.actor import actor_of
from app.frame.db import now_utc


class Share(msgspec.Struct):
    """One status and how many contacts are in it."""

    code: str
    title: str
    kind: str
    count: int


class Figures(msgspec.Struct):
    """The strip on the home page."""

    total: int
    mine: int
    unassigned: int
    new_week: int
    blocked: int
    shares: list[Share]


async def figures(db: AsyncSession) -> Figures:
    """Counts within the person's scope."""
    actor = actor_of(db)
    here = and_(Contact.deleted_at.is_(None), visible(actor))
    week = now_utc() - timedelta(days=7)
    counts = select(
        func.count(),
        _count_if(Contact.owner_id == (actor.user_id or 0)),
        _count_if(Contact.owner_id.is_(None)),
        _count_if(Contact.created_at >= week),
        _count_if(Contact.blocked.is_(True)),
    ).where(here)
    total, mine, unassigned, new_week, blocked = (await db.execute(counts)).one()
    return Figures(total, mine or 0, unassigned or 0, new_week or 0, blocked or 0, await _shares(db, here))


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


async def _shares(db: AsyncSession, here: ColumnElement[bool]) -> list[Share]:
    per_status = select(Contact.status_id, func.count().label("n")).where(here).group_by(Contact.status_id).subquery()
    found = (
        select(Status.code, Status.title, Status.kind, per_status.c.n)
        .join(per_status, per_status.c.status_id == Status.id)
        .order_by(Status.priority)
    )
    return [Share(*row) for row in await db.execute(found)]
