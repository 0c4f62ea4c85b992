"""What accounts keeps doing while the office runs: rights of new permissions, and when a session was last used."""

import asyncio

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import chain, matrix
from app.accounts.cache import ActorCache, cache_of
from app.accounts.models import ApiKey, Session
from app.frame import live
from app.frame.db import now_utc
from app.frame.i18n import N_
from app.frame.jobs import Work
from app.frame.office import Office

CHAIN_TOPIC = "audit-chain"
FLUSH_S = 30.0


async def start(office: Office) -> None:
    """Seed the matrix for permissions that are new here, and keep the cache true."""
    permissions = matrix.declared(office.modules.values())
    async with office.database.unit(write=False) as db:
        new = await matrix.missing(db, permissions)
    if new:
        async with office.database.unit() as db:
            await matrix.lock_roster(db)
            await matrix.seed(db, permissions)
    office.database.after_commit.append(Forgetter(office))
    office.supervisor.keep("sesiones", lambda: keep_uses(office), title=N_("Uso de sesiones y claves"))


class Forgetter:
    """After-commit hook: rights changed, so nobody may be taken for who they were."""

    def __init__(self, office: Office) -> None:
        self.office = office

    async def __call__(self, db: AsyncSession) -> None:
        if db.info.pop("forget_actors", None):
            cache_of(self.office).forget()
            self.office.live.ask_again()


async def keep_uses(office: Office) -> None:
    """Write down, now and then and all at once, which sessions and keys were used; read the office's values again."""
    while True:
        await asyncio.sleep(FLUSH_S)
        await write_uses(office)
        await office.reload()


async def write_uses(office: Office) -> None:
    cache: ActorCache = cache_of(office)
    used, cache.used = cache.used, {}
    if not used:
        return
    async with office.database.unit() as db:
        for (via, row_id), (at, ip) in used.items():
            if via == "session":
                await db.execute(update(Session).where(Session.id == row_id).values(seen_at=at, ip=ip))
            else:
                await db.execute(update(ApiKey).where(ApiKey.id == row_id).values(used_at=at, used_ip=ip))


async def walk_chain(work: Work, _key: str) -> None:
    """Check the whole audit chain, a little at a time, and keep the result."""
    walk, more = chain.Walk(), True
    async with work.unit(write=False) as db:
        before = await chain.read_state(db)
        cut = await chain.missing_end(db, before)
    while more:
        async with work.unit(write=False) as db:
            more = await chain.step(db, walk)
        await asyncio.sleep(0)
    broken = walk.broken or cut
    state = chain.ChainState(now_utc(), walk.lines, broken, walk.last_id, walk.last_hash)
    if cut and before is not None:  # keep pointing at what was lost
        state = chain.ChainState(now_utc(), walk.lines, broken, before.last_id, before.last_hash)
    async with work.unit() as db:
        await chain.save_state(db, state)
        live.nudge(db, CHAIN_TOPIC)
    if broken:
        work.log.error("the audit chain is broken at line %s", broken)
