"""The office's own fields: managers define them, every value is checked by its kind."""

import re
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.folding import fold
from app.contacts.models import CustomField
from app.frame import audit
from app.frame.actor import actor_of
from app.frame.i18n import N_, _
from app.frame.refused import Forbidden, NotFound, Refused, each, each_awaited

KINDS = {
    "text": N_("Texto"),
    "number": N_("Número"),
    "date": N_("Fecha"),
    "yesno": N_("Sí o no"),
    "choice": N_("Lista"),
}
TEXT_MAX, TITLE_MAX = 1000, 80
YES, NO = {"1", "si", "yes", "true", "on", "x", "verdadero"}, {"", "0", "no", "false", "off", "falso"}


async def all_fields(db: AsyncSession, *, active: bool = True) -> list[CustomField]:
    found = select(CustomField).order_by(CustomField.position, CustomField.id)
    return list(await db.scalars(found.where(CustomField.active) if active else found))


def _require(db: AsyncSession) -> None:
    if not actor_of(db).may("contacts.settings"):
        raise Forbidden(_("Pida a la persona administradora que defina los campos."), permission="contacts.settings")


async def define_field(db: AsyncSession, title: str, kind: str, choices: list[str] | None = None) -> CustomField:
    """A new field; its key is made from its title."""
    _require(db)
    title, choices = " ".join(title.split()), _choices(choices or [])
    key = re.sub(r"\W+", "_", fold(title)).strip("_")[:40]
    await each_awaited(_check_title(db, title, key), _check_kind(kind), _check_choices(kind, choices))
    field = CustomField(key=key, title=title, kind=kind, choices=choices, position=await _next(db), active=True)
    db.add(field)
    await db.flush()
    audit.record(db, "contacts.field_defined", "field", key, after={"title": title, "kind": kind, "choices": choices})
    return field


async def _check_title(db: AsyncSession, title: str, key: str) -> None:
    if not key:
        raise Refused(_("Escriba el nombre del campo."), "title")
    _fitting(title)
    if await db.scalar(select(CustomField.id).where(CustomField.key == key)):
        raise Refused(_("Ya hay un campo con ese nombre."), "title")


def _fitting(title: str) -> str:
    title = " ".join(title.split())
    if len(title) > TITLE_MAX:
        raise Refused(_("Escriba %(n)s caracteres como máximo.", n=TITLE_MAX), "title")
    return title


async def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise Refused(_("Elija el tipo del campo."), "kind")


async def _check_choices(kind: str, choices: list[str]) -> None:
    if kind == "choice" and len(choices) < 2:
        raise Refused(_("Escriba al menos dos opciones, una por línea."), "choices")


async def _next(db: AsyncSession) -> int:
    return max((f.position for f in await all_fields(db, active=False)), default=0) + 1


def _choices(given: list[str]) -> list[str]:
    return list(dict.fromkeys(" ".join(c.split())[:80] for c in given if c.strip()))[:100]


async def change_field(
    db: AsyncSession, field_id: int, *, title: str, choices: list[str] | None = None, active: bool = True
) -> CustomField:
    """Rename, change the list, retire or bring back. The kind stays: values already depend on it."""
    _require(db)
    field = await db.get(CustomField, field_id)
    if field is None:
        raise NotFound(_("Ese campo ya no existe."))
    before = {"title": field.title, "choices": field.choices, "active": field.active}
    field.title = _fitting(title) or field.title
    field.choices = _choices(choices) if choices is not None else field.choices
    field.active = active
    audit.record(db, "contacts.field_changed", "field", field.key, before, {"title": field.title, "active": active})
    return field


async def move_field(db: AsyncSession, field_id: int, up: bool) -> None:
    """One place up or down in the form."""
    _require(db)
    fields = await all_fields(db, active=False)
    at = next((i for i, field in enumerate(fields) if field.id == field_id), None)
    if at is None:
        raise NotFound(_("Ese campo ya no existe."))
    to = max(0, min(len(fields) - 1, at + (-1 if up else 1)))
    fields.insert(to, fields.pop(at))
    for position, field in enumerate(fields, 1):
        field.position = position
    audit.record(db, "contacts.field_moved", "field", fields[to].key, after={"position": to + 1})


def checked(field: CustomField, typed: Any) -> Any:
    """A value as its kind wants it; None when empty. Raises Refused with the field's key."""
    if typed is None or (isinstance(typed, str) and not typed.strip()):
        return None
    name = f"custom.{field.key}"
    if field.kind == "number":
        return _number(typed, field.title, name)
    if field.kind == "date":
        return _date(typed, field.title, name)
    if field.kind == "yesno":
        return _yesno(typed, field.title, name)
    if field.kind == "choice":
        return _choice(typed, field, name)
    return _text(typed, field.title, name)


def _text(typed: Any, title: str, name: str) -> str:
    text = str(typed).replace("\x00", "").strip()
    if len(text) > TEXT_MAX:
        raise Refused(_("%(title)s: escriba %(n)s caracteres como máximo.", title=title, n=TEXT_MAX), name)
    return text


def _choice(typed: Any, field: CustomField, name: str) -> str:
    known = {fold(choice): choice for choice in field.choices}
    found = known.get(fold(" ".join(str(typed).split())))
    if found is None:
        sentence = _("%(title)s: elija una de estas: %(all)s.", title=field.title, all=", ".join(field.choices))
        raise Refused(sentence, name)
    return found


def _number(typed: Any, title: str, name: str) -> int | float:
    text = str(typed).strip().replace("\u00a0", "").replace(" ", "")
    text = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text.replace(",", "")
    try:
        value = float(text)
    except ValueError:
        raise Refused(_("%(title)s: escriba un número.", title=title), name) from None
    if value != value or abs(value) > 1e15:
        raise Refused(_("%(title)s: escriba un número.", title=title), name)
    return int(value) if value.is_integer() else value


def _date(typed: Any, title: str, name: str) -> str:
    text = str(typed).strip()[:10]
    if found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text):
        text = f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Refused(_("%(title)s: escriba una fecha como 24/11/2026.", title=title), name) from None


def _yesno(typed: Any, title: str, name: str) -> bool:
    said = fold(str(typed).strip())
    if said in YES or said in NO:
        return said in YES
    raise Refused(_("%(title)s: escriba sí o no.", title=title), name)


async def checked_custom(
    db: AsyncSession, typed: dict[str, Any], stored: dict[str, Any] | None = None
) -> dict[str, Any]:
    """All custom values of a contact. Raises Refused for an unknown key or a value of the wrong kind.

    What is stored already stays good: a choice may have been taken off its list since.
    """
    if not typed:
        return {}
    known = {f.key: f for f in await all_fields(db, active=False)}
    kept = {key: value for key, value in (stored or {}).items() if key in known and str(typed.get(key)) == str(value)}

    def one(key: str) -> Any:
        if key not in known:
            raise Refused(_("El campo «%(key)s» no está definido.", key=key[:40]), f"custom.{key}")
        return kept[key] if key in kept else checked(known[key], typed[key])

    values = zip(typed, each(*(partial(one, key) for key in typed)), strict=True)
    return {key: value for key, value in values if value is not None}
