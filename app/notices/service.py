"""The verbs of notices: say, read, have seen, forget."""

from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.frame import live
from app.frame.actor import actor_of
from app.frame.db import Database, now_utc
from app.frame.i18n import _
from app.frame.show import number
from app.frame.topics import Hears, id_in, nobody
from app.notices.models import Notice

TOPIC = "notices-"
SEEN = "notices-seen-"
KEPT = timedelta(days=30)
SHOWN = 100
MOST_COUNTED = 99


async def notify(
    db: AsyncSession, user_id: int | None, title: str, *, about: str, kind: str = "ok", text: str = "", url: str = "",
    **values: object,
) -> None:  # fmt: skip
    """Put it on somebody's bell; `title` is a msgid marked with N_(). Nobody asked (None): nobody is told."""
    if user_id is None:
        return
    await db.execute(delete(Notice).where(Notice.user_id == user_id, Notice.about == about))
    said = {"kind": kind, "title": title, "places": values, "text": text, "url": url, "about": about}
    db.add(Notice(user_id=user_id, at=now_utc(), **said))
    live.nudge(db, f"{TOPIC}{user_id}")


def said(notice: Notice) -> str:
    """The title in the reader's language, numbers as they write them."""
    shown = {name: number(value) if isinstance(value, int) else value for name, value in notice.places.items()}
    return _(notice.title, **shown)


async def hears(_database: Database, topic: str) -> Hears:
    """Each hears their own bell."""
    user_id = id_in(topic, SEEN if topic.startswith(SEEN) else TOPIC)
    return (lambda actor: actor.user_id == user_id) if user_id is not None else nobody


async def notices_of(db: AsyncSession) -> list[Notice]:
    """One's own, newest first."""
    mine = select(Notice).where(Notice.user_id == (actor_of(db).user_id or 0))
    return list(await db.scalars(mine.order_by(Notice.id.desc()).limit(SHOWN)))


async def unseen(db: AsyncSession) -> int:
    """How many wait; a bell has no room for more than two digits."""
    mine = (Notice.user_id == (actor_of(db).user_id or 0), Notice.seen_at.is_(None))
    waiting = select(Notice.id).where(*mine).limit(MOST_COUNTED).subquery()
    return await db.scalar(select(func.count()).select_from(waiting)) or 0


async def have_seen(db: AsyncSession, about: str = "") -> None:
    """One's own are seen: all of them, or those about one thing. Only bells are told: a list stays as it is."""
    user_id = actor_of(db).user_id or 0
    fresh = update(Notice).where(Notice.user_id == user_id, Notice.seen_at.is_(None))
    fresh = fresh.where(Notice.about == about) if about else fresh
    if (await db.scalars(fresh.values(seen_at=now_utc()).returning(Notice.id))).all():
        live.nudge(db, f"{SEEN}{user_id}")


async def forget_old(db: AsyncSession) -> None:
    """A month is long enough."""
    await db.execute(delete(Notice).where(Notice.at < now_utc() - KEPT))
