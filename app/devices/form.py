"""The form of a line, drawn from its driver's settings, and read back."""

from collections.abc import Mapping
from typing import Any

import msgspec

from app.frame import forms
from app.frame.forms import Form
from app.frame.i18n import _
from drivers.contract import Field, Settings, fields

NAME = "device_name"
VERSION = "device_version"
CLEAR = "clear_"  # + field: forget the stored secret


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """One input as the template needs it, in the reader's language."""

    name: str
    kind: str
    label: str
    hint: str
    example: str
    value: Any
    options: list[tuple[str, str]]
    optional: bool
    stored: bool
    advanced: bool
    ge: float | None
    le: float | None


def draw(kind: type[Settings], values: Mapping[str, Any], stored: set[str]) -> list[Drawn]:
    """Inputs in the order of the Struct; `values` of a device, `stored`: names of the secrets it has."""
    return [_draw(f, values, f.name in stored) for f in fields(kind)]


def _draw(field: Field, values: Mapping[str, Any], stored: bool) -> Drawn:
    return Drawn(
        name=field.name, kind=field.kind, label=_(field.label), hint=_(field.help), example=field.example,
        value="" if field.secret else values.get(field.name, field.default), stored=stored, advanced=field.advanced,
        options=[(value, _(label)) for value, label in field.choices.items()],
        optional=not field.required and field.kind in ("text", "lines", "secret"), ge=field.ge, le=field.le,
    )  # fmt: skip


def read(kind: type[Settings], typed: Mapping[str, Any], secret: Mapping[str, str]) -> Form[Settings]:
    """What was typed as settings. A secret left blank stays as it is, unless it was ticked away."""
    data = dict(typed)
    for field in fields(kind):
        if field.kind == "flag":  # a box that is not ticked sends nothing
            data[field.name] = "true" if typed.get(field.name) else "false"
        elif field.secret and not typed.get(field.name) and not typed.get(CLEAR + field.name):
            data[field.name] = secret.get(field.name, "")
    return _checked(kind, data)


def _checked(kind: type[Settings], data: dict[str, Any]) -> Form[Settings]:
    try:
        form = forms.read(kind, data)
    except ValueError as error:  # what a driver checks across fields, in its own words
        form = Form(data, {"": _(str(error))}, None)
    raw = {k: v for k, v in form.raw.items() if k not in {f.name for f in fields(kind) if f.secret}}
    raw[NAME] = str(data.get(NAME, "")).strip()
    value = form.value if form.ok else None
    return Form(raw, form.errors, value)
