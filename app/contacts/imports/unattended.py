"""Imports that nobody watches, in one call of the API: the wizard's steps with the recognised columns."""

from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.fields import all_fields
from app.contacts.imports.columns import TARGETS
from app.contacts.imports.known import Options
from app.contacts.imports.models import Import
from app.contacts.imports.service import MODES, Look, in_child, new_import, settle, start
from app.contacts.imports.work import Task
from app.contacts.service import region_of
from app.frame.actor import Actor
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.refused import Refused

REACHING = frozenset(("phone", "whatsapp", "email"))


class Brought(msgspec.Struct):
    """A file that was read far enough to know what it is, and what each of its columns becomes."""

    path: Path
    filename: str
    size_bytes: int
    look: Look
    mapping: dict[str, str]
    mode: str


async def bring(
    office: Office, actor: Actor, path: Path, filename: str, size_bytes: int, *, mapping: Any = None, mode: str = "fill"
) -> Brought:
    """Look at a file outside any unit: it may take seconds. Raises Refused."""
    if mode not in MODES:
        raise Refused(_("Elija uno de estos modos: %(modes)s.", modes=", ".join(MODES)), "mode")
    async with office.database.unit(write=False, actor=actor) as db:
        own = {f"custom:{f.key}" for f in await all_fields(db, active=False)}
        options = Options(region=await region_of(db))
    task = Task(path=str(path), filename=filename, options=options)
    seen = msgspec.convert(await in_child(office, "look", msgspec.to_builtins(task)), Look)
    chosen = given_mapping(mapping, seen) if mapping else recognised(seen, actor, own)
    if not REACHING & set(chosen.values()):
        raise Refused(_("Ninguna columna tiene teléfonos ni correos. Diga cuáles con «mapping»."), "mapping")
    return Brought(path, filename, size_bytes, seen, chosen, mode)


def recognised(seen: Look, actor: Actor, own: set[str]) -> dict[str, str]:
    """What we think each column is. Own fields that the office lacks are made only by who may make them."""
    may = actor.may("contacts.settings")
    kept = (c for c in seen.columns if c.target != "skip")
    return {str(c.index): c.target for c in kept if may or not c.target.startswith("custom:") or c.target in own}


def given_mapping(mapping: Any, seen: Look) -> dict[str, str]:
    """`{"Celular": "phone"}` or `{"phone": "Celular"}`; a column by its title or its place from 0. Raises Refused."""
    if not isinstance(mapping, dict):
        raise Refused(_('Escriba un objeto como {"Celular": "phone"}.'), "mapping")
    chosen: dict[str, str] = {}
    for left, right in mapping.items():
        column, target = _pair(str(left), str(right), seen)
        if column is None or not is_target(target):
            sentence = _("«%(left)s: %(right)s» no une una columna del archivo con un destino. Destinos: %(targets)s.",
                         left=str(left)[:60], right=str(right)[:60], targets=", ".join(TARGETS))  # fmt: skip
            raise Refused(sentence, "mapping")
        chosen[str(column)] = target
    return {column: target for column, target in chosen.items() if target != "skip"}


def _pair(left: str, right: str, seen: Look) -> tuple[int | None, str]:
    """(column, target), whichever side names the column."""
    column = _column(left, seen)
    if column is not None and is_target(right):
        return column, right
    return _column(right, seen), left


def _column(named: str, seen: Look) -> int | None:
    titles = [header.strip().casefold() for header in seen.headers]
    if named.strip().casefold() in titles:
        return titles.index(named.strip().casefold())
    return int(named) if named.isdecimal() and len(named) < 6 and int(named) < len(titles) else None


def is_target(target: str) -> bool:
    return target in TARGETS or (target.startswith("custom:") and bool(target[7:]))


async def begin(
    db: AsyncSession, brought: Brought, *, dry: bool = False, options: dict[str, Any] | None = None
) -> Import:
    """Keep it and start it; a dry run stays a draft that can be finished in the wizard."""
    found = await new_import(db, brought.filename, brought.path, brought.size_bytes)
    seen = brought.look
    await settle(
        db, found.id, sheet=seen.sheet, header_row=seen.header_row, mapping=brought.mapping, mode=brought.mode,
        options=options or {}, total=seen.rows,
    )  # fmt: skip
    return found if dry else await start(db, found.id)
