"""Words that templates of contacts need: channels, origins, countries, values of any field."""

from datetime import date
from typing import Any

from babel import Locale

from app.accounts.countries import countries
from app.contacts.pages.contact_form import CHANNEL_TITLES
from app.contacts.timeline import TITLES
from app.frame.i18n import N_, PLACE, _
from app.frame.show import date_, number, phone

PROVENANCE_TITLES = {
    "manual": N_("A mano"),
    "import": N_("Importación"),
    "generated": N_("Generado"),
    "inbound": N_("Escribió a la oficina"),
    "api": N_("Por la API"),
}
NEAR = ("CR", "MX", "GT", "SV", "HN", "NI", "PA", "CO", "US")


def channel_title(channel: str) -> str:
    return _(CHANNEL_TITLES.get(channel, channel))


def channel_options() -> list[tuple[str, str]]:
    return [(key, _(title)) for key, title in CHANNEL_TITLES.items()]


def provenance_title(provenance: str) -> str:
    return _(PROVENANCE_TITLES.get(provenance, provenance))


def country_options() -> list[tuple[str, str]]:
    """Near countries first, then all by name in the reader's language."""
    names = dict(countries(PLACE.get().language))
    return [(code, names[code]) for code in NEAR] + [(code, name) for code, name in names.items() if code not in NEAR]


def translated(options: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(key, _(title)) for key, title in options]


def pairs(values: list[str]) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


def country_title(code: str) -> str:
    """`CR` -> `Costa Rica`."""
    return Locale.parse(PLACE.get().language).territories.get(code, code)


def own_text(value: Any, kind: str) -> str:
    """A value of one of the office's own fields."""
    if isinstance(value, bool):
        return _("Sí") if value else _("No")
    if kind == "date" and isinstance(value, str):
        return date_(date.fromisoformat(value))
    return number(value) if kind == "number" else str(value)


def with_present(choices: list[str], present: str) -> list[str]:
    """The choices, and the stored one that is not among them any more."""
    return [*choices, *([present] if present and present not in choices else [])]


def same(values: tuple[str, ...]) -> list[tuple[str, str]]:
    """Options whose value is their own msgid."""
    return [(value, _(value)) for value in values]


def match_text(match: str) -> str:
    """`tel:+50688123456` as people read it."""
    kind, _colon, value = match.partition(":")
    return phone(value) if kind == "tel" else value


SOURCES = {"erasure": N_("Solicitó borrar sus datos"), "list": N_("Lista de números")}


def source_text(source: str) -> str:
    return _(SOURCES.get(source, source))


def field_text(value: Any, field: str) -> str:
    """Any stored value of a contact's field as a short text."""
    if value in (None, "", [], {}):
        return "—"
    if field == "addresses":
        return ", ".join(phone(a["value"]) if a["value"].startswith("+") else a["value"] for a in value)
    if isinstance(value, bool):
        return _("Sí") if value else _("No")
    if isinstance(value, dict):
        return ", ".join(f"{key}: {value[key]}" for key in value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


GLOBALS: dict[str, Any] = {
    "channel_title": channel_title,
    "channel_options": channel_options,
    "provenance_title": provenance_title,
    "country_options": country_options,
    "translated": translated,
    "pairs": pairs,
    "same": same,
    "country_title": country_title,
    "own_text": own_text,
    "with_present": with_present,
    "match_text": match_text,
    "source_text": source_text,
    "titles_of_fields": TITLES,
}
FILTERS = {"field_text": field_text}
