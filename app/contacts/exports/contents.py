"""What an exported contact has: its columns, and how each is made of what the database holds."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from app.contacts.exports.alike import each
from app.contacts.exports.table import Block, Column, Kind
from app.frame.i18n import N_, _
from app.frame.refused import Refused

# key: (title, kind, width). In the order of the file.
COLUMNS: dict[str, tuple[str, Kind, int]] = {
    "name": (N_("Nombre"), "text", 28),
    "company": (N_("Empresa"), "text", 0),
    "phone": (N_("Teléfono"), "phone", 0),
    "phones": (N_("Otros teléfonos"), "phone", 0),
    "whatsapp": (N_("WhatsApp"), "phone", 0),
    "email": (N_("Correo"), "text", 28),
    "emails": (N_("Otros correos"), "text", 0),
    "status": (N_("Estado"), "text", 18),
    "owner": (N_("Responsable"), "text", 0),
    "team": (N_("Equipo"), "text", 16),
    "tags": (N_("Etiquetas"), "text", 20),
    "country": (N_("País"), "text", 7),
    "notes": (N_("Notas"), "text", 50),
    "do_not_contact": (N_("No contactar"), "text", 12),
    "provenance": (N_("Origen"), "text", 14),
    "last_contacted_at": (N_("Último contacto"), "date", 0),
    "created_at": (N_("Creado"), "date", 0),
    "updated_at": (N_("Último cambio"), "date", 0),
    "id": (N_("ID"), "number", 9),
}
CUSTOM = "custom:"
OTHERS = {"phones": "phone", "whatsapp": "whatsapp", "emails": "email"}  # whose values are the other addresses
ORIGINS = {
    "manual": N_("A mano"),
    "import": N_("Importación"),
    "generated": N_("Generado"),
    "inbound": N_("Escribió a la oficina"),
    "api": N_("Por la API"),
}

Row = tuple[Any, ...]
Reached = dict[str, list[str]]
Make = Callable[[Sequence[Any]], list[Any]]


class Names(msgspec.Struct):
    """Titles for what rows only point at; `custom` are the office's own fields by key."""

    statuses: dict[str, str] = {}
    people: dict[int, str] = {}
    teams: dict[int, str] = {}
    custom: dict[str, str] = {}


class _Address(msgspec.Struct):
    channel: str
    value: str


_addresses = msgspec.json.Decoder(list[_Address])
_texts = msgspec.json.Decoder(list[str])
_object = msgspec.json.Decoder(dict[str, Any])


def keys_of(wanted: Iterable[str], names: Names) -> list[str]:
    """The columns that exist of those wanted, in the order of the file; all of them when none is named."""
    every = [*COLUMNS, *(CUSTOM + key for key in names.custom)]
    chosen = set(wanted)
    return [key for key in every if key in chosen] or every


def refuse_unknown(wanted: Iterable[str], names: Names) -> None:
    """Raises Refused for columns that do not exist: a program that misspells one must not get all of them instead."""
    every = [*COLUMNS, *(CUSTOM + key for key in names.custom)]
    if strange := [key for key in wanted if key not in every]:
        sentence = _("No hay columnas «%(names)s». Use estas: %(all)s.",
                     names=", ".join(strange)[:200], all=", ".join(every))  # fmt: skip
        raise Refused(sentence, "columns")


def heads(keys: list[str], names: Names) -> list[Column]:
    """Titles, kinds and widths, in the reader's language."""
    return [_head(key, names) for key in keys]


def _head(key: str, names: Names) -> Column:
    if key.startswith(CUSTOM):
        return Column(key, names.custom[key.removeprefix(CUSTOM)])
    title, kind, width = COLUMNS[key]
    return Column(key, _(title), kind, width)


def sources(keys: Iterable[str]) -> tuple[str, ...]:
    """What has to be read for these columns: names of app/contacts/wide.py, each once."""
    return tuple(dict.fromkeys(_source(key) for key in keys))


def _source(key: str) -> str:
    return "custom" if key.startswith(CUSTOM) else "others" if key in OTHERS else key


def blocks(found: Iterable[list[Row]], fields: Sequence[str], keys: list[str], names: Names) -> Iterator[Block]:
    """Rows of `fields` as columns of the file; a column at a time, for a call per cell would take thrice as long."""
    makers = [(fields.index(_source(key)), _maker(key, names)) for key in keys]
    reached = fields.index("others") if "others" in fields else None
    for rows in found:
        columns: list[Any] = list(zip(*rows, strict=True))
        if reached is not None:
            columns[reached] = each(columns[reached], _reached)
        yield [make(columns[at]) if make else columns[at] for at, make in makers]


def _reached(text: str | None) -> Reached:
    reached: Reached = {}
    for one in _addresses.decode(text or "[]"):
        reached.setdefault(one.channel, []).append(one.value)
    return reached


def _maker(key: str, names: Names) -> Make | None:
    """What becomes of a column of the database; None when it goes out as it is."""
    if key.startswith(CUSTOM):
        own = key.removeprefix(CUSTOM)
        return lambda column: each(column, lambda v: _object.decode(v or "{}").get(own))
    if key in OTHERS:
        channel = OTHERS[key]
        return lambda column: [reached.get(channel, ()) for reached in column] if any(column) else [()] * len(column)
    return _makers(names).get(key)


def _makers(names: Names) -> dict[str, Make]:
    origins = {key: _(title) for key, title in ORIGINS.items()}
    yes, no = _("Sí"), ""
    return {
        "status": lambda column: each(column, lambda v: names.statuses.get(v, v)),
        "tags": lambda column: each(column, lambda v: tuple(_texts.decode(v or "[]"))),
        "owner": lambda column: each(column, lambda v: names.people.get(v, "") if v else ""),
        "team": lambda column: each(column, lambda v: names.teams.get(v, "") if v else ""),
        "do_not_contact": lambda column: each(column, lambda v: yes if v else no),
        "provenance": lambda column: each(column, lambda v: origins.get(v, v)),
    }
