"""Why a text is not a phone: a code for programs, a sentence for people."""

from typing import Any

from app.frame.i18n import N_, _

COUNTRIES = {"CR": N_("Costa Rica"), "MX": N_("México")}

SENTENCES = {
    "empty": N_("Escriba un teléfono."),
    "not_a_number": N_("Esto no parece un teléfono. Escriba solo sus dígitos."),
    "too_short": N_("Faltan dígitos: un teléfono de %(country)s lleva %(expected)s y este tiene %(count)s."),
    "too_long": N_(
        "Sobran dígitos: un teléfono de %(country)s lleva %(expected)s y este tiene %(count)s. "
        "Si es de otro país, empiece con + y el código del país."
    ),
    "area_code": N_("Falta la clave lada: en México se escriben 10 dígitos."),
    "unassigned": N_("Ningún teléfono de %(country)s tiene esos dígitos. Revíselos."),
    "country": N_("Ese código de país no existe. Revise los dígitos después del +."),
    "no_country": N_("No se sabe de qué país es. Empiece con + y el código del país."),
    "several": N_("Aquí hay más de un teléfono. Escriba uno solo."),
    "rounded": N_(
        "La hoja de cálculo recortó este número (%(text)s). Dé formato de texto a la columna y cópiela de nuevo."
    ),
    "masked": N_("El teléfono tiene dígitos tapados con asteriscos. Escríbalo completo."),
}


class BadPhone(Exception):
    """A refused phone. ``reason_code`` is a key of SENTENCES; ``details`` fill its sentence.

    It can be raised, kept in a list, or pickled from a child process: the sentence is
    made when it is read, in the reader's language.
    """

    def __init__(self, reason_code: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(reason_code, details or {})
        self.reason_code = reason_code
        self.details = details or {}

    @property
    def sentence(self) -> str:
        return sentence_of(self.reason_code, self.details)

    def __str__(self) -> str:
        return self.sentence

    def __repr__(self) -> str:
        return f"BadPhone({self.reason_code!r}, {self.details!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BadPhone) and other.args == self.args

    def __hash__(self) -> int:
        return hash(self.reason_code)


def sentence_of(reason_code: str, details: dict[str, Any]) -> str:
    """The sentence of a stored refusal, in the language of whoever reads it now."""
    shown = dict(details)
    region = shown.pop("region", None)
    if region in COUNTRIES:
        shown["country"] = _(COUNTRIES[region])
    return _(SENTENCES[reason_code], **shown)
