"""The audit as its page shows it: searched, newest first, a page at a time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.frame.audit import AuditEntry
from app.frame.i18n import _

PAGE = 50


class Sought(msgspec.Struct, frozen=True):
    """What is asked of the audit. Days are the office's; `before` is the id of the last line shown."""

    q: str = ""
    user_id: int | None = None
    verb: str = ""
    noun: str = ""
    noun_id: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None


class Line(msgspec.Struct):
    """One line."""

    id: int
    at: datetime
    who: str
    via: str
    ip: str
    verb: str
    noun: str
    noun_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    erased: bool

    def changes(self) -> list[tuple[str, str, str]]:
        """(field, before, after) of what differs, as text."""
        old, new = self.before or {}, self.after or {}
        names = [*old, *(n for n in new if n not in old)]
        pairs = ((n, as_text(old.get(n)), as_text(new.get(n))) for n in names)
        return [(n, a, b) for n, a, b in pairs if a != b]


COLUMNS = (
    AuditEntry.id, AuditEntry.at, AuditEntry.who, AuditEntry.via, AuditEntry.ip, AuditEntry.verb, AuditEntry.noun,
    AuditEntry.noun_id, AuditEntry.before, AuditEntry.after, AuditEntry.erased,
)  # fmt: skip


def as_text(value: Any) -> str:
    """A value of the audit as a person reads it."""
    if value is None or value in ([], {}):
        return ""
    if isinstance(value, bool):
        return _("Sí") if value else _("No")
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return ", ".join(map(str, value))
    return msgspec.json.encode(value).decode()


async def trail_page(db: AsyncSession, sought: Sought, zone: str, limit: int = PAGE) -> tuple[list[Line], int | None]:
    """Lines and the `before` of the next page, None on the last one."""
    query = _where(select(*COLUMNS), sought, ZoneInfo(zone))
    if sought.before is not None:
        query = query.where(AuditEntry.id < sought.before)
    rows = (await db.execute(query.order_by(AuditEntry.id.desc()).limit(limit + 1))).all()
    lines = [Line(*row) for row in rows[:limit]]
    return lines, (lines[-1].id if len(rows) > limit else None)


async def verbs(db: AsyncSession) -> list[str]:
    """Every verb there is, for the filter: one step in the index for each, however long the audit is."""
    walk = select(func.min(AuditEntry.verb).label("verb")).cte("walk", recursive=True)
    following = select(func.min(AuditEntry.verb)).where(AuditEntry.verb > walk.c.verb).scalar_subquery()
    walk = walk.union_all(select(following).where(walk.c.verb.is_not(None)))
    return list(await db.scalars(select(walk.c.verb).where(walk.c.verb.is_not(None))))


def _where(query: Select[Any], sought: Sought, zone: ZoneInfo) -> Select[Any]:
    if sought.q:
        text = sought.q.strip().lower()
        columns = (func.lower(AuditEntry.who), AuditEntry.verb, AuditEntry.noun, AuditEntry.noun_id, AuditEntry.ip)
        query = query.where(or_(*(column.contains(text, autoescape=True) for column in columns)))
    if sought.user_id is not None:
        query = query.where(AuditEntry.user_id == sought.user_id)
    for column, value in (
        (AuditEntry.verb, sought.verb), (AuditEntry.noun, sought.noun), (AuditEntry.noun_id, sought.noun_id),
    ):  # fmt: skip
        if value:
            query = query.where(column == value)
    if sought.since is not None:
        query = query.where(AuditEntry.at >= _start(sought.since, zone))
    if sought.until is not None:
        query = query.where(AuditEntry.at < _start(sought.until + timedelta(days=1), zone))
    return query


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


HEAD = ("id", "fecha", "quien", "via", "ip", "accion", "objeto", "numero", "antes", "despues")


def csv_rows(lines: list[Line], zone: str) -> Iterator[list[str]]:
    """Cells of a CSV, in the office's time, harmless to spreadsheets."""
    office = ZoneInfo(zone)
    for line in lines:
        at = line.at.astimezone(office).isoformat(sep=" ", timespec="seconds")
        cells = (line.who, line.via, line.ip, line.verb, line.noun, line.noun_id)
        yield [str(line.id), at, *map(harmless, cells), harmless(as_text(line.before)), harmless(as_text(line.after))]


def harmless(text: str) -> str:
    """A spreadsheet would take these first letters for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
