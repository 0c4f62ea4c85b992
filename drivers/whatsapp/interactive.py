"""Buttons and lists: a question with its possible answers. Meta: `interactive` of type `button` or `list`."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from drivers.contract import Choice, Outbound
from drivers.whatsapp import limits

OPEN_LIST = "Ver opciones"  # what a customer reads when nobody chose other words
Content = dict[str, Any]


def choices_content(outbound: Outbound) -> Content:
    """Raises SendError. Options: `header`, `footer`, `list_button` (the words that open a list)."""
    body, options = outbound.text.strip(), outbound.options
    limits.choices_fit(outbound.choices, body)
    buttons = limits.as_buttons(outbound.choices)
    action = _buttons(outbound.choices) if buttons else _list(outbound.choices, options)
    return {"type": "button" if buttons else "list", "body": {"text": body}, "action": action} | _sides(options)


def _sides(options: Mapping[str, str]) -> Content:
    header, footer = options.get("header", "").strip(), options.get("footer", "").strip()
    for side in (header, footer):
        limits.side_fits(side)
    said: Content = {"header": {"type": "text", "text": header}} if header else {}
    return said | ({"footer": {"text": footer}} if footer else {})


def _buttons(choices: Sequence[Choice]) -> Content:
    return {"buttons": [{"type": "reply", "reply": {"id": c.payload, "title": c.title}} for c in choices]}


def _list(choices: Sequence[Choice], options: Mapping[str, str]) -> Content:
    """Sections in the order in which they first appear."""
    button = options.get("list_button", "").strip() or OPEN_LIST
    limits.side_fits(button, limits.TITLE)
    order = list(dict.fromkeys(c.section for c in choices))
    grouped = groupby(sorted(choices, key=lambda c: order.index(c.section)), key=lambda c: c.section)
    return {"button": button, "sections": [_section(title, list(rows)) for title, rows in grouped]}


def _section(title: str, rows: Sequence[Choice]) -> Content:
    said: Content = {"title": title} if title else {}
    return said | {"rows": [_row(each) for each in rows]}


def _row(choice: Choice) -> Content:
    said = {"id": choice.payload, "title": choice.title}
    return said | ({"description": choice.description} if choice.description else {})
