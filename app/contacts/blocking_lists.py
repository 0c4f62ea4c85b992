"""Lists of numbers that must not be contacted: looked at first, then put in force as one."""

from datetime import timedelta

import msgspec
from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.blocked_files import Found
from app.contacts.blocks import block_list, fully_blocked
from app.contacts.folding import fold
from app.contacts.history import open_batch
from app.contacts.models import Address, Contact
from app.contacts.models_consent import Block
from app.contacts.models_history import Batch
from app.contacts.scope import visible
from app.frame.actor import actor_of
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.refused import Conflict, NotFound, Refused

KIND, DRAFT = "blocklist", "draft"
DRAFT_DAYS = 1
PAGE = 50


class Standing(msgspec.Struct, frozen=True):
    """A block in force with whom it is about, as far as the reader may see them."""

    block: Block
    contact_id: int | None
    name: str


async def draft_list(db: AsyncSession, found: Found, filename: str) -> Batch:
    """Keep what a file says until somebody puts it in force. Raises Refused for a file without a number."""
    if not found.matches and not found.bad_count:
        raise Refused(_("No hay ningún número ni correo. Revise el archivo."), "file")
    old = now_utc() - timedelta(days=DRAFT_DAYS)
    await db.execute(delete(Batch).where(Batch.kind == KIND, Batch.state == DRAFT, Batch.at < old))
    known = len(await fully_blocked(db, found.matches))
    batch = await open_batch(db, KIND, filename=filename, known=known, **msgspec.to_builtins(found))
    batch.state, batch.total = DRAFT, len(found.matches)
    await db.flush()
    return batch


async def get_list(db: AsyncSession, batch_id: int) -> Batch:
    """One's own list. Raises NotFound."""
    batch = await db.get(Batch, batch_id)
    if batch is None or batch.kind != KIND or batch.user_id != actor_of(db).user_id:
        raise NotFound(_("Esa lista ya no existe. Envíela de nuevo."))
    return batch


async def apply_list(db: AsyncSession, batch_id: int, reason: str) -> int:
    """Block everything on it for everybody. Returns how many are new; the numbers are not kept here any longer."""
    batch = await get_list(db, batch_id)
    if batch.state != DRAFT:
        raise Conflict(_("Esta lista ya se aplicó."))
    new = await block_list(db, batch.detail["matches"], reason=reason.strip()[:500], source="list")
    batch.state, batch.done = "done", new
    batch.detail = {key: value for key, value in batch.detail.items() if key != "matches"}
    return new


async def standing_blocks(
    db: AsyncSession, q: str = "", before: int | None = None, limit: int = PAGE
) -> list[Standing]:
    """Blocks in force, newest first; `q` is part of a number, a mailbox, a name or a reason."""
    found = select(Block).where(Block.lifted_at.is_(None)).order_by(Block.id.desc()).limit(limit)
    if before:
        found = found.where(Block.id < before)
    if q.strip():
        found = found.where(_like(q.strip()))
    blocks = list(await db.scalars(found))
    names = await _names(db, blocks)
    return [Standing(block, *_who(block, names)) for block in blocks]


def _like(q: str) -> ColumnElement[bool]:
    digits = "".join(c for c in q if c.isdigit())
    part = digits if len(digits) >= 3 else q.lower()
    named = select(Contact.id).where(Contact.blocked, Contact.search.contains(fold(q), autoescape=True)).limit(500)
    by_number = Block.match.contains(part, autoescape=True)
    by_reason = Block.reason.icontains(q, autoescape=True)
    return or_(by_number, by_reason, Block.contact_id.in_(named))


def _who(block: Block, names: dict[str, tuple[int, str]]) -> tuple[int | None, str]:
    return names.get(block.match or f"#{block.contact_id}", (None, ""))


async def _names(db: AsyncSession, blocks: list[Block]) -> dict[str, tuple[int, str]]:
    """By match or `#id`: the contact, where the reader may see it."""
    within = (visible(actor_of(db)), Contact.merged_into.is_(None))
    matches, ids = [b.match for b in blocks if b.match], [b.contact_id for b in blocks if b.contact_id]
    owned = select(Address.match, Contact.id, Contact.name).join(Contact, Contact.id == Address.contact_id)
    by_match = await db.execute(owned.where(Address.match.in_(matches), Address.live, *within))
    by_id = await db.execute(select(Contact.id, Contact.name).where(Contact.id.in_(ids), *within))
    return {m: (i, name) for m, i, name in by_match} | {f"#{i}": (i, name) for i, name in by_id}
