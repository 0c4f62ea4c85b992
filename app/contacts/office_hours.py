"""The office's own hours over the shipped ones, per country and purpose."""

from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.defining import require_settings
from app.contacts.hours_packs import Pack, Packs, Week, shipped
from app.frame.i18n import N_, _
from app.frame.profile import read_value, save_values
from app.frame.refused import NotFound, Refused

NAME = "contacts.hours"
DAYS = {
    "weekday": N_("Lunes a viernes"), "saturday": N_("Sábado"), "sunday": N_("Domingo"), "holiday": N_("Feriado"),
}  # fmt: skip


async def packs_of(db: AsyncSession) -> Packs:
    """The hours in force: the office's where it wrote its own, else the shipped ones."""
    own = await read_value(db, NAME)
    return _merged(msgspec.json.encode(own, order="sorted")) if own else shipped()


@lru_cache(maxsize=8)
def _merged(own: bytes) -> Packs:
    weeks = msgspec.json.decode(own, type=dict[str, dict[str, Week]])
    packs = tuple(_with(pack, weeks.get(pack.country, {})) for pack in shipped().packs)
    return msgspec.structs.replace(shipped(), packs=packs)


def _with(pack: Pack, weeks: dict[str, Week]) -> Pack:
    return msgspec.structs.replace(pack, purposes=pack.purposes | weeks)


async def set_week(db: AsyncSession, country: str, purpose: str, typed: dict[str, str]) -> None:
    """Write one country's hours: {day: "08:00-12:00, 13:00-18:00"}; an empty day is closed. Raises Refused by day."""
    _known(country, purpose)
    require_settings(db)
    week = {day: _windows(day, typed.get(day, "")) for day in DAYS}
    await _save(db, country, purpose, week)


async def forget_week(db: AsyncSession, country: str, purpose: str) -> None:
    """Back to the shipped hours."""
    _known(country, purpose)
    require_settings(db)
    await _save(db, country, purpose, None)


def _known(country: str, purpose: str) -> None:
    packs = {pack.country: pack for pack in shipped().packs}
    if country not in packs or purpose not in packs[country].purposes:
        raise NotFound(_("Ese horario no existe."))


async def _save(db: AsyncSession, country: str, purpose: str, week: dict[str, list[str]] | None) -> None:
    own: dict[str, dict[str, Any]] = {c: dict(p) for c, p in (await read_value(db, NAME) or {}).items()}
    mine = own.setdefault(country, {})
    mine.pop(purpose, None)
    if week is not None:
        mine[purpose] = week
    await save_values(db, **{NAME: {c: p for c, p in own.items() if p}})


def _windows(day: str, typed: str) -> list[str]:
    windows = [part.replace(" ", "") for part in typed.replace(";", ",").split(",") if part.strip()]
    try:
        Week(**{d: tuple(windows) if d == day else () for d in DAYS})
    except ValueError:
        raise Refused(_("Escriba las horas como 08:00-12:00, 13:00-18:00."), day) from None
    return windows
