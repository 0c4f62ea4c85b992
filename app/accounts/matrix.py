"""The permission matrix: which role may do what, and how widely. Data, seeded from what the modules declare."""

from collections.abc import Iterable

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.cache import forget_actors
from app.accounts.models import RoleGrant, User
from app.frame import audit, live
from app.frame.actor import ROLES, WIDTH
from app.frame.i18n import _
from app.frame.module import Module, Permission
from app.frame.refused import NotFound, Refused

KEEPERS = ("people.edit", "permissions.edit")
ROSTER_LOCK = 7_205_402
TOPIC = "people"


async def missing(db: AsyncSession, permissions: Iterable[Permission]) -> list[Permission]:
    """Permissions that the matrix has never heard of."""
    known = set(await db.scalars(select(RoleGrant.permission).distinct()))
    return [p for p in permissions if p.name not in known]


async def seed(db: AsyncSession, permissions: Iterable[Permission]) -> int:
    """Put down the starting scopes of new permissions; what was decided before stays. Returns how many were new."""
    new = await missing(db, permissions)
    for permission in new:
        start = permission.start()
        db.add_all(RoleGrant(role=r, permission=permission.name, scope=start.get(r, "")) for r in ROLES)
    if new:
        forget_actors(db)
    return len(new)


def declared(modules: Iterable[Module]) -> list[Permission]:
    return [p for m in modules for p in m.permissions]


async def cells(db: AsyncSession) -> dict[tuple[str, str], str]:
    """(role, permission) -> scope."""
    rows = await db.execute(select(RoleGrant.role, RoleGrant.permission, RoleGrant.scope))
    return {(role, permission): scope for role, permission, scope in rows}


async def grant(db: AsyncSession, role: str, permission: Permission, scope: str) -> str:
    """Change one cell. Returns the scope before. Raises Refused where nobody would be left to change it back."""
    if role not in ROLES or scope not in ("", *(WIDTH if permission.scoped else ("all",))):
        raise Refused(_("Elija una de las opciones."), "scope")
    await lock_roster(db)
    cell = await db.get(RoleGrant, (role, permission.name))
    if cell is None:
        raise NotFound(_("Ese permiso ya no existe. Recargue la página."))
    before, cell.scope = cell.scope, scope
    if before != scope:
        await keep_somebody(db)
        audit.record(db, "permissions.changed", "role", role, {permission.name: before}, {permission.name: scope})
        forget_actors(db)
        live.nudge(db, TOPIC)
    return before


async def lock_roster(db: AsyncSession) -> None:
    """Changes of who may administer wait for each other (SQLite has one writer anyway)."""
    if db.info["database"].dialect == "postgresql":
        await db.execute(text(f"SELECT pg_advisory_xact_lock({ROSTER_LOCK})"))


async def keep_somebody(db: AsyncSession) -> None:
    """Raises Refused unless somebody active can still edit everyone and the permissions."""
    await db.flush()
    full = (
        select(RoleGrant.role)
        .where(RoleGrant.permission.in_(KEEPERS), RoleGrant.scope == "all")
        .group_by(RoleGrant.role)
        .having(func.count() == len(KEEPERS))
    )
    able = await db.scalar(select(func.count()).where(User.disabled_at.is_(None), User.role.in_(full)))
    if not able:
        raise Refused(
            _("Nadie podría administrar personas y permisos después de esto. Nombre antes a otra persona."), status=409
        )
