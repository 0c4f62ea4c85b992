"""Statuses as data: the call list's order and colours. Seeded from the older tool's list, then the office's own."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.models import Status
from app.frame.i18n import N_, _
from app.frame.refused import Refused

START = "SIN_GESTIONAR"
SEED: tuple[tuple[str, str, int, str, bool, int | None], ...] = (  # code, title, priority, kind, protected, months
    ("NC", N_("No contesta"), 1, "warn", False, None),
    ("CUELGA", N_("Cuelga"), 2, "warn", False, None),
    (START, N_("Sin gestionar"), 3, "", False, None),
    ("INTERESADO", N_("Interesado"), 4, "accent", True, None),
    ("SERVICIOS_ACTIVOS", N_("Cliente"), 10, "ok", True, None),
    ("NO_EXISTE", N_("No existe"), 20, "danger", False, 3),
    ("SIN_RED", N_("Sin red"), 21, "danger", False, 6),
    ("NO_CONTACTO", N_("No desea contacto"), 22, "danger", False, 8),
)
SEED_FIELDS = ("code", "title", "priority", "kind", "protected", "after_months")


async def seed_statuses(db: AsyncSession) -> None:
    """The starting list, once; afterwards it is the office's own."""
    if not await db.scalar(select(func.count()).select_from(Status)):
        rows = [dict(zip(SEED_FIELDS, row, strict=True)) for row in SEED]
        db.add_all(Status(**row, automatic=row["after_months"] is not None, active=True) for row in rows)
        await db.flush()


async def all_statuses(db: AsyncSession) -> list[Status]:
    """In call order."""
    return list(await db.scalars(select(Status).order_by(Status.priority, Status.id)))


def as_code(typed: str) -> str:
    """As codes are stored."""
    return typed.strip().upper().replace(" ", "_")


async def status_by_code(db: AsyncSession, code: str) -> Status:
    """The status of a code, in any case and with space or underscore. Raises Refused when there is none."""
    status = await db.scalar(select(Status).where(Status.code == as_code(code)))
    if status is None:
        raise no_status(code, [s.code for s in await all_statuses(db)])
    return status


def no_status(code: str, known: list[str]) -> Refused:
    """What to say of a code that none of the `known` is."""
    sentence = _("El estado «%(code)s» no existe. Use uno de estos: %(known)s.", code=code[:40], known=", ".join(known))
    return Refused(sentence, "status")
