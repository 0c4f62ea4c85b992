"""The filters of the list as chips and as the little forms behind them."""

from collections.abc import Iterable

import msgspec
from babel import Locale

from app.contacts.asked import Asked
from app.contacts.choices import Choices
from app.contacts.filters import Filters
from app.contacts.pages.words import PROVENANCE_TITLES
from app.contacts.people import Names
from app.frame.i18n import N_, PLACE, _
from app.frame.show import date_

Options = list[tuple[str, str]]
MINOR = ("has", "blocked", "provenance", "import_id", "created")
HAS = {
    "phone": N_("Con teléfono"), "no_phone": N_("Sin teléfono"), "email": N_("Con correo"),
    "no_email": N_("Sin correo"),
}  # fmt: skip
BLOCKED = {"yes": N_("Sólo «no contactar»"), "no": N_("Sin «no contactar»")}


class Facet(msgspec.Struct, frozen=True):
    """One filter: `kind` checks, radios or dates; `said` what is chosen now; `off` the query without it."""

    key: str
    title: str
    kind: str
    icon: str
    options: Options = []
    chosen: tuple[str, ...] = ()
    said: str = ""
    off: str = ""

    @property
    def minor(self) -> bool:
        """Shares a form with the other lesser ones, and has a chip only while it is on."""
        return self.key in MINOR


def facets(asked: Asked, names: Names, choices: Choices) -> list[Facet]:
    """All filters in the order of the bar."""
    f = asked.filters
    found = [
        _many(asked, "status", _("Estado"), "flag", [(s.code, s.title) for s in names.statuses.values()], f.status),
        _one(asked, "owner", _("Persona"), "user", _people(names), f.owner),
        _one(asked, "team", _("Equipo"), "users", _teams(names), f.team),
        _many(asked, "tag", _("Etiqueta"), "tag", [(t, t) for t in choices.tags], f.tag),
        _one(asked, "country", _("País"), "globe", [(c, country_name(c)) for c in choices.countries], f.country),
        _dates(asked, "contacted", _("Último contacto"), "calendar"),
        _many(asked, "has", _("Teléfono y correo"), "phone", [(k, _(t)) for k, t in HAS.items()], f.has),
        _one(asked, "blocked", _("No contactar"), "shield", [(k, _(t)) for k, t in BLOCKED.items()], f.blocked),
        _one(asked, "provenance", _("Origen"), "plug", [(k, _(t)) for k, t in PROVENANCE_TITLES.items()], f.provenance),
        _one(asked, "import_id", _("Importación"), "upload", _imports(choices), str(f.import_id or "")),
        _dates(asked, "created", _("Creado"), "calendar"),
    ]
    return [x for x in found if x.options or x.chosen or x.kind == "dates"]


def country_name(code: str) -> str:
    """`CR` -> `Costa Rica`, in the reader's language."""
    return Locale.parse(PLACE.get().locale).territories.get(code, code)


def _people(names: Names) -> Options:
    people = [(str(i), name) for i, name in names.people.items()]
    return [("me", _("A mi cargo")), ("none", _("Sin asignar")), *people]


def _teams(names: Names) -> Options:
    if not names.teams:
        return []
    return [("mine", _("Mis equipos")), ("none", _("Sin equipo")), *((str(i), n) for i, n in names.teams.items())]


def _imports(choices: Choices) -> Options:
    return [(str(i), f"{i} · {name}") for i, name in choices.imports.items()]


def _many(asked: Asked, key: str, title: str, icon: str, options: Options, chosen: Iterable[str]) -> Facet:
    picked = tuple(chosen)
    known = {value.casefold(): label for value, label in options}
    said = known.get(picked[0].casefold(), picked[0]) if len(picked) == 1 else str(len(picked)) if picked else ""
    return Facet(key, title, "checks", icon, options, picked, said, asked.with_(**{key: ()}).query)


def _one(asked: Asked, key: str, title: str, icon: str, options: Options, chosen: str) -> Facet:
    said = dict(options).get(chosen, chosen)
    off = asked.with_(**{key: None if key == "import_id" else ""}).query
    return Facet(key, title, "radios", icon, options, (chosen,) if chosen else (), said, off)


def _dates(asked: Asked, key: str, title: str, icon: str) -> Facet:
    first, last = getattr(asked.filters, f"{key}_from"), getattr(asked.filters, f"{key}_to")
    said = _span(asked.filters, key) if first or last else ""
    chosen = (first.isoformat() if first else "", last.isoformat() if last else "")
    off = asked.with_(**{f"{key}_from": None, f"{key}_to": None}).query
    return Facet(key, title, "dates", icon, [], chosen if said else (), said, off)


def _span(filters: Filters, key: str) -> str:
    first, last = getattr(filters, f"{key}_from"), getattr(filters, f"{key}_to")
    if first and last:
        return _("%(first)s a %(last)s", first=date_(first), last=date_(last))
    return _("desde %(day)s", day=date_(first)) if first else _("hasta %(day)s", day=date_(last))
