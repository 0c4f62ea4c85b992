"""The office's own statuses: new ones, and what the starting ones became. A code in use never changes."""

import re

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.models import Contact, Status
from app.contacts.statuses import START
from app.frame import audit, live
from app.frame.actor import actor_of
from app.frame.i18n import N_, _
from app.frame.refused import Conflict, Forbidden, NotFound, Refused, each_awaited

KINDS = {"": N_("Gris"), "accent": N_("Azul"), "ok": N_("Verde"), "warn": N_("Ámbar"), "danger": N_("Rojo")}
CODE = re.compile(r"[A-Z0-9][A-Z0-9_]{0,39}")
MONTHS_MAX, PRIORITY_MAX, TITLE_MAX = 120, 9999, 80


class StatusIn(msgspec.Struct, kw_only=True):
    """A status as typed. `after_months`: contacts unseen for so long come into it at night."""

    code: str = ""
    title: str = ""
    priority: int = 999
    kind: str = ""
    protected: bool = False
    after_months: int | None = None
    active: bool = False


def require_settings(db: AsyncSession) -> None:
    """Raises Forbidden for whoever may not settle how contacts work."""
    if not actor_of(db).may("contacts.settings"):
        raise Forbidden(_("Pida a la persona administradora que cambie los ajustes."), permission="contacts.settings")


async def define_status(db: AsyncSession, given: StatusIn) -> Status:
    """A new status at the end or wherever its order says."""
    require_settings(db)
    code, _checked = await each_awaited(_free_code(db, given.code or given.title), _check(db, None, given))
    status = Status(code=code)
    _take(status, given)
    db.add(status)
    await db.flush()
    audit.record(db, "contacts.status_defined", "status", code, after=_told(status))
    return status


async def change_status(db: AsyncSession, status_id: int, given: StatusIn) -> Status:
    """Everything but the code of one in use. Raises NotFound, Refused, Conflict."""
    require_settings(db)
    status = await db.get(Status, status_id)
    if status is None:
        raise NotFound(_("Ese estado ya no existe."))
    before = _told(status)
    if given.code and _as_code(given.code) != status.code:
        await _rename(db, status, given.code)
    if status.code == START and not given.active:
        raise Refused(_("Los contactos nuevos empiezan en este estado: no se puede retirar."), "active")
    await _check(db, status, given)
    _take(status, given)
    await db.flush()
    audit.record(db, "contacts.status_changed", "status", status.code, before, _told(status))
    live.nudge(db, "contacts")
    return status


async def uses(db: AsyncSession) -> dict[int, int]:
    """How many contacts stand in each status, the bin included."""
    found = select(Contact.status_id, func.count()).group_by(Contact.status_id)
    return dict((await db.execute(found)).tuples().all())


async def _rename(db: AsyncSession, status: Status, typed: str) -> None:
    used = await db.scalar(select(Contact.id).where(Contact.status_id == status.id).limit(1))
    if used or status.code == START:
        raise Conflict(_("El código ya está en uso y no cambia. Cambie el nombre."), "code")
    status.code = await _free_code(db, typed)


def _as_code(typed: str) -> str:
    return re.sub(r"\s+", "_", typed.strip()).upper()


async def _free_code(db: AsyncSession, typed: str) -> str:
    code = _as_code(typed)
    if not CODE.fullmatch(code):
        raise Refused(_("Escriba un código con letras sin tilde, números o guion bajo."), "code")
    if await db.scalar(select(Status.id).where(Status.code == code)):
        raise Refused(_("Ya hay un estado con el código %(code)s.", code=code), "code")
    return code


async def _check(db: AsyncSession, status: Status | None, given: StatusIn) -> None:
    """Raises all that is wrong with it at once."""
    await each_awaited(_check_title(given), _check_rank(given), _check_kind(given), _check_months(db, status, given))


async def _check_title(given: StatusIn) -> None:
    title = " ".join(given.title.split())
    if not title:
        raise Refused(_("Escriba el nombre del estado."), "title")
    if len(title) > TITLE_MAX:
        raise Refused(_("Escriba %(n)s caracteres como máximo.", n=TITLE_MAX), "title")


async def _check_kind(given: StatusIn) -> None:
    if given.kind not in KINDS:
        raise Refused(_("Elija un color de la lista."), "kind")


async def _check_rank(given: StatusIn) -> None:
    if not 0 <= given.priority <= PRIORITY_MAX:
        raise Refused(_("Escriba un orden entre 0 y %(most)s.", most=PRIORITY_MAX), "priority")


def _take(status: Status, given: StatusIn) -> None:
    status.title, status.kind, status.priority = " ".join(given.title.split()), given.kind, given.priority
    status.protected, status.active = given.protected, given.active
    status.after_months, status.automatic = given.after_months, given.after_months is not None


async def _check_months(db: AsyncSession, status: Status | None, given: StatusIn) -> None:
    months = given.after_months
    if months is None:
        return
    if not 1 <= months <= MONTHS_MAX:
        raise Refused(_("Escriba entre 1 y %(most)s meses.", most=MONTHS_MAX), "after_months")
    if given.protected:
        raise Refused(
            _("Un estado protegido no envejece: deje los meses en blanco o quite la protección."), "protected"
        )
    mine = status.id if status else -1
    same = select(Status.title).where(Status.after_months == months, Status.id != mine, Status.active)
    if other := await db.scalar(same):
        raise Refused(_("«%(other)s» ya usa esos meses.", other=_(other)), "after_months")


def _told(status: Status) -> dict[str, object]:
    names = ("code", "title", "priority", "kind", "protected", "after_months", "active")
    return {name: getattr(status, name) for name in names}
