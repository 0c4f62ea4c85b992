"""Which column is what: by its title, by its cells, or both; with how sure we are and why."""

import hashlib
from typing import Any

import msgspec
from babel.numbers import format_percent

from app.contacts.imports.content import ENOUGH, FEW_PHONES, SURE, Seen, look
from app.contacts.imports.folding import folded
from app.contacts.imports.synonyms import TARGET_OF, TARGET_OF_WORD, VAGUE_TITLES
from app.frame.i18n import N_, PLACE, _

# What a column can become. A custom field is "custom:<key>".
TARGETS = {
    "phone": N_("Teléfono"),
    "whatsapp": "WhatsApp",
    "email": N_("Correo"),
    "name": N_("Nombre"),
    "first_name": N_("Nombre de pila"),
    "last_name": N_("Apellidos"),
    "company": N_("Empresa"),
    "status": N_("Estado"),
    "notes": N_("Notas"),
    "tags": N_("Etiquetas"),
    "country": N_("País"),
    "owner": N_("Responsable"),
    "skip": N_("No importar"),
}
MANY = frozenset({"phone", "whatsapp", "email", "notes", "tags", "last_name", "skip"})
BY_CONTENT_ALONE = frozenset({"phone", "email", "name", "company", "notes", "status", "country"})


class Column(msgspec.Struct, frozen=True):
    """One column of a file. `confidence` goes from 0 to 1; `why` is a sentence for the person who checks."""

    index: int
    header: str
    target: str
    confidence: float = 1.0
    why: str = ""


class Mapping(msgspec.Struct, frozen=True):
    """Which column goes where. `msgspec.to_builtins` and `convert` carry it between processes and into a row."""

    columns: tuple[Column, ...]

    def of(self, target: str) -> list[int]:
        return [column.index for column in self.columns if column.target == target]

    def one(self, target: str) -> int | None:
        return next(iter(self.of(target)), None)

    def custom(self) -> dict[str, int]:
        """Custom field key -> column."""
        return {c.target.removeprefix("custom:"): c.index for c in self.columns if c.target.startswith("custom:")}

    def is_usable(self) -> bool:
        """Without a way to reach somebody there is nothing to import."""
        return any(column.target in ("phone", "whatsapp", "email") for column in self.columns)

    def header(self, target: str) -> str:
        """What people see above the column, or the target's own name."""
        index = self.one(target)
        return (self.columns[index].header if index is not None else "") or _(TARGETS.get(target, ""))


def chosen(headers: list[str], targets: dict[int, str]) -> Mapping:
    """A mapping that a person or a remembered file shape says; columns not named are skipped. Raises ValueError."""
    for target in targets.values():
        if target not in TARGETS and not (target.startswith("custom:") and target[7:]):
            raise ValueError(target)
    return Mapping(tuple(Column(i, header, targets.get(i, "skip")) for i, header in enumerate(headers)))


def shape_key(headers: list[str]) -> str:
    """The same for files with the same titles in the same order, however written; "" for a file without titles."""
    titles = [folded(header) for header in headers]
    if not any(titles):
        return ""
    return hashlib.sha256("\x1f".join(titles).encode()).hexdigest()[:20]


def recognise(headers: list[str], sample: list[list[str]], region: str | None) -> Mapping:
    """`sample` holds some cells of each column. The best claim on a single target (name, status...) wins it."""
    guesses = [guess(i, header, look(sample[i], region)) for i, header in enumerate(headers)]
    taken: dict[str, int] = {}
    for column in sorted(guesses, key=lambda c: (-c.confidence, c.index)):
        if column.target in MANY:
            continue
        if taken.setdefault(column.target, column.index) != column.index:
            why = _("«%(other)s» lo dice mejor", other=guesses[taken[column.target]].header or _("otra columna"))
            guesses[column.index] = Column(column.index, column.header, "skip", 0.5, why)
    return Mapping(tuple(guesses))


def guess(index: int, header: str, seen: Seen) -> Column:
    """One column, before columns are compared with each other."""
    target, strength = by_title(header)
    claim = _check_title(header, target, strength, seen) if target else _by_cells(header, seen)
    return Column(index, header, *claim)


def by_title(header: str) -> tuple[str, float]:
    """(target, strength) of a title; ("", 0) when it says nothing."""
    title = folded(header)
    if title in VAGUE_TITLES or not title:
        return "", 0.0
    if target := TARGET_OF.get(title):
        return target, 0.95
    padded = f" {title} "
    found = next((target for word, target in TARGET_OF_WORD if word in padded and len(title) <= 40), "")
    return found, 0.75 if found else 0.0


Claim = tuple[str, float, str]


def _check_title(header: str, target: str, strength: float, seen: Seen) -> Claim:
    """The title's word, unless the cells plainly say otherwise."""
    why = _("por el título «%(header)s»", header=header)
    if not seen.filled:
        return target, strength * 0.5, _("por el título «%(header)s»; la columna está vacía", header=header)
    if target in ("phone", "whatsapp"):
        return _check_phones(header, target, strength, seen)
    if is_contradicted(target, seen):
        return seen.target, seen.share * 0.9, _because(seen)
    if target == "status" and seen.target == "custom:provincia":
        return seen.target, seen.share * 0.9, _because(seen)
    agrees = seen.target == target
    return target, min(1.0, strength + 0.05 * agrees), why


def percent(share: float) -> str:
    return format_percent(share, locale=PLACE.get().locale)


def is_contradicted(target: str, seen: Seen) -> bool:
    """A column of nothing but e-mails is not the names, whatever its title says. A number may be an identity card."""
    is_plain = seen.target in ("email", "phone") and seen.share >= SURE
    return is_plain and target != seen.target and not target.startswith("custom:")


def _check_phones(header: str, target: str, strength: float, seen: Seen) -> Claim:
    if seen.target == "email":
        return "email", seen.share * 0.9, _because(seen)
    share = percent(seen.phones)
    if seen.phones < FEW_PHONES:
        why = _("por el título «%(header)s», pero solo %(share)s son teléfonos válidos", header=header, share=share)
        return target, 0.3, why
    why = _("por el título «%(header)s»; %(share)s son teléfonos válidos", header=header, share=share)
    return target, min(1.0, strength * (0.6 + 0.4 * seen.phones) + 0.05), why


def _by_cells(header: str, seen: Seen) -> Claim:
    if seen.target in BY_CONTENT_ALONE and seen.share >= ENOUGH and (seen.target != "notes" or header):
        return seen.target, round(seen.share * 0.85, 2), _because(seen)
    if not seen.filled:
        return "skip", 1.0, _("la columna está vacía")
    return "skip", 0.4, _("no se reconoció; elija un destino si la quiere guardar")


LOOKS_LIKE: dict[str, Any] = {
    "phone": N_("por su contenido: %(share)s son teléfonos válidos"),
    "email": N_("por su contenido: %(share)s son correos"),
    "name": N_("por su contenido: parecen nombres"),
    "company": N_("por su contenido: parecen empresas"),
    "notes": N_("por su contenido: son textos largos"),
    "status": N_("por su contenido: parecen estados de gestión"),
    "country": N_("por su contenido: son países"),
    "custom:provincia": N_("por su contenido: son provincias o estados"),
}


def _because(seen: Seen) -> str:
    sentence = LOOKS_LIKE[seen.target]
    return _(sentence, share=percent(seen.share)) if "%(share)s" in sentence else _(sentence)
