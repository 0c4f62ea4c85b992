"""Languages. msgids are Spanish; other languages are .po files under web/locale, read at start (no build step)."""

import io
from contextvars import ContextVar
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

import msgspec
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parents[2] / "web" / "locale"
LANGUAGES = {"es": "Español", "en": "English"}


class Place(msgspec.Struct, frozen=True):
    """How words, numbers and times are shown in this request: language, Babel locale, time zone."""

    language: str = "es"
    locale: str = "es_CR"
    timezone: str = "America/Costa_Rica"


HOME = Place()
PLACE: ContextVar[Place] = ContextVar("place", default=HOME)


def N_(msgid: str) -> str:
    """Mark a text for translation now; translate it when it is shown."""
    return msgid


@cache
def catalog(language: str) -> NullTranslations:
    """All .po files of a language as one catalogue."""
    files = sorted((LOCALES / language).glob("*.po"))
    if not files:
        return NullTranslations()
    whole = Catalog(locale=language)
    for path in files:
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and message.string:
                    whole.add(message.id, message.string)
    buffer = io.BytesIO()
    write_mo(buffer, whole)
    buffer.seek(0)
    return GNUTranslations(buffer)


def _(msgid: str, **values: object) -> str:
    """The text in the request's language; `%(name)s` places are filled from the keywords."""
    said = catalog(PLACE.get().language).gettext(msgid) if msgid else ""
    return said % values if values else said


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    said = catalog(PLACE.get().language).ngettext(one, many, n)
    return said % ({"num": n, "n": n} | values)


@lru_cache(maxsize=100)
def place_for(language: str, country: str, timezone: str) -> Place:
    """The place of a person: their language, the office's country and zone."""
    language = language if language in LANGUAGES else "es"
    locale = (
        f"{language}_{country}"
        if language == "es" and country in ("CR", "MX")
        else {"es": "es_CR"}.get(language, language)
    )
    return Place(language, locale, timezone)


@lru_cache(maxsize=1000)
def best_language(accept: str, fallback: str) -> str:
    """First of the browser's languages that we speak."""
    for part in accept.split(","):
        code = part.split(";")[0].strip()[:2].lower()
        if code in LANGUAGES:
            return code
    return fallback
