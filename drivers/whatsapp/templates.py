"""Templates: messages that Meta approved beforehand, the only ones that may go outside the 24 hours."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from drivers.contract import N_, Attachment, SendError, Template
from drivers.meta.reading import Fields, fields, items, text
from drivers.whatsapp import limits

PLACE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
UNNAMED = N_("Falta el nombre o el idioma de la plantilla.")
BLANK = N_("Falta el valor de la variable %(n)s de la plantilla.")
MISMATCH = N_("La plantilla recibió %(n)s valores y %(names)s nombres de variable. Deben ser iguales en cantidad.")
BUTTON = N_("El botón %(n)s de la plantilla no existe: van del 0 al 9.")
BUTTON_KINDS = {"quick_reply": "payload", "url": "text", "copy_code": "coupon_code"}
Content = dict[str, Any]


class TemplateInfo(Struct, frozen=True, kw_only=True):
    """A template as the office shows it. `body_values` and `header_values`: names or numbers of the variables."""

    name: str
    language: str
    status: str
    category: str
    body: str = ""
    body_values: tuple[str, ...] = ()
    header: str = ""
    header_kind: str = ""  # text, image, video, document, location
    header_values: tuple[str, ...] = ()
    footer: str = ""
    buttons: tuple[dict[str, str], ...] = ()  # {"type", "text", "url"}


def template_content(template: Template, options: Mapping[str, str]) -> tuple[Content, Attachment | None, Content]:
    """The content, the header's file and the place for its id. Raises SendError.

    Option `button.N` says what button N is: quick_reply (as is assumed), url or copy_code. Options `names` and
    `header_names` name the variables, by comma, where the template has names instead of numbers.
    """
    if not template.name or not template.language:
        raise SendError(True, "template_unnamed", UNNAMED)
    slot: Content = {}
    header = _header(template, slot, _names(options.get("header_names", "")))
    body = _body(template, _names(options.get("names", "")))
    components = [*header, *body, *_buttons(template.buttons, options)]
    language = {"policy": "deterministic", "code": template.language}
    content: Content = {"name": template.name, "language": language}
    return content | ({"components": components} if components else {}), template.header_media, slot


def _names(said: str) -> list[str]:
    return [each.strip() for each in said.split(",") if each.strip()]


def _header(template: Template, slot: Content, names: list[str]) -> Iterator[Content]:
    media = template.header_media
    if media is not None:
        limits.file_fits(media)
        kind = limits.kind_of(media)
        if kind == "document" and media.name:
            slot["filename"] = media.name
        yield {"type": "header", "parameters": [{"type": kind, kind: slot}]}
    elif template.header:
        yield {"type": "header", "parameters": _values(template.header, names)}


def _body(template: Template, names: list[str]) -> Iterator[Content]:
    if template.body:
        yield {"type": "body", "parameters": _values(template.body, names)}


def _values(values: tuple[str, ...], names: list[str]) -> list[Content]:
    """An empty value is refused by Meta with a code that says little: say it here."""
    for at, value in enumerate(values, 1):
        if not value.strip():
            raise SendError(True, "template_value", BLANK, n=at)
    if names and len(names) != len(values):
        raise SendError(True, "template_names", MISMATCH, n=len(values), names=len(names))
    named = [{"parameter_name": name} for name in names] or [{} for _ in values]
    return [{"type": "text", **name, "text": value} for name, value in zip(named, values, strict=True)]


def _buttons(buttons: Mapping[str, str], options: Mapping[str, str]) -> Iterator[Content]:
    for index, value in sorted(buttons.items()):
        if not (index.isascii() and index.isdigit() and len(index) == 1):
            raise SendError(True, "template_button", BUTTON, n=index)
        kind = options.get(f"button.{index}", "quick_reply")
        word = BUTTON_KINDS.get(kind, "payload")
        parameter = {"type": word, word: value}
        yield {"type": "button", "sub_type": kind, "index": index, "parameters": [parameter]}


def read_template(said: Fields) -> TemplateInfo:
    """One of Meta's list, in the shape of the office."""
    parts = {text(each, "type").upper(): each for each in items(said, "components")}
    head, body = fields(parts, "HEADER"), fields(parts, "BODY")
    return TemplateInfo(
        name=text(said, "name"), language=text(said, "language"), status=text(said, "status").lower(),
        category=text(said, "category").lower(), body=text(body, "text"), body_values=_places(text(body, "text")),
        header=text(head, "text"), header_kind=text(head, "format").lower(), header_values=_places(text(head, "text")),
        footer=text(parts, "FOOTER", "text"),
        buttons=tuple(_button(each) for each in items(parts, "BUTTONS", "buttons")),
    )  # fmt: skip


def _places(said: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(PLACE.findall(said)))


def _button(said: Fields) -> dict[str, str]:
    found = {"type": text(said, "type").lower(), "text": text(said, "text"), "url": text(said, "url")}
    return {name: value for name, value in found.items() if value}
