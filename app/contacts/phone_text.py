"""What people and spreadsheets do to a phone before we see it, undone one habit at a time."""

import re
import unicodedata

from app.contacts.bad_phone import BadPhone

LONGEST = 200
SAY_PHONE = frozenset(  # beside a number these say nothing that it does not say itself
    "tel tels telef telefono telefonos teléfono teléfonos cel cels celular celulares movil móvil phone mobile cell "
    "whatsapp wa ws num núm numero número no nº y e o u and or ext extension extensión int interno anexo x".split()
)

_QUOTED = re.compile(r"=?\s*[\"'](.*?)[\"']?\s*")
_FLOAT = re.compile(r"(\d{7,15})[.,]0{1,2}")
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?[eE](\+?)(\d{1,2})")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3}){2,4}")
_EXTENSION = re.compile(
    r"[\s,;/(-]*(?:;\s*ext=|(?<![a-z])(?:extensi[oó]n|ext|interno|int|anexo)\b[\s.:#=]*|(?<![a-z])x[\s.]*|#\s*)"
    r"(\d{1,7})[\s).]*\Z",
    re.IGNORECASE,
)
_RUN = re.compile(r"\+?\(?\+?\d[\d ().\-]*\d")
# Only the freephone and premium families are sold as words (800-CASAS): anywhere else letters are remarks.
_WORDS = re.compile(r"(?:\+?\d{1,3}[ -])?(?:8(?:00|33|44|55|66|77|88)|90[059])[ -][A-Za-z0-9][A-Za-z0-9 -]{5,}")


def tidy(text: str) -> str:
    """Plain digits and spaces: full-width and other scripts' digits, no-break spaces, direction marks."""
    if text.isascii():
        return text.strip()
    seen = (char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in seen).strip()


def unsheet(text: str) -> str:
    """Undo a spreadsheet: ``88123456.0``, ``8.8123456E7``, ``="88123456"``, ``88,123,456``.

    Raises BadPhone("rounded") when the sheet's display has lost digits.
    """
    if quoted := _QUOTED.fullmatch(text):
        text = quoted[1]
    if whole := _FLOAT.fullmatch(text):
        return whole[1]
    if power := _SCIENTIFIC.fullmatch(text):
        return _expand(power)
    return text.replace(",", "") if _THOUSANDS.fullmatch(text) else text


def _expand(power: re.Match[str]) -> str:
    """``E7`` is how programs print a float, exactly. ``E+07`` is how Excel shows a cell, rounded to fit."""
    digits, exponent = power[1] + (power[2] or ""), int(power[4])
    missing = exponent + 1 - len(digits)
    if missing < 0 and digits[exponent + 1 :].strip("0"):
        raise BadPhone("not_a_number")
    if exponent > 15 or (missing > 0 and power[3]):
        raise BadPhone("rounded", {"text": power[0]})
    return digits[: exponent + 1] + "0" * max(0, missing)


def extension(text: str) -> tuple[str, str | None]:
    """(the number, its extension or None). ``2260-4418 ext. 12`` gives ``("2260-4418", "12")``."""
    found = _EXTENSION.search(text)
    if not found or not any(map(str.isdecimal, text[: found.start()])):
        return text, None
    return text[: found.start()], found[1]


def only_number(text: str) -> str:
    """The one number amid words (``Cel: 8812-3456 (mamá)``); words sold as numbers stay as they are.

    Raises BadPhone: none there, or more than one.
    """
    if not any(map(str.isalpha, text)) or _WORDS.fullmatch(text):
        return text
    found = runs(text)
    if len(found) == 1:
        return found[0]
    raise BadPhone("several" if found else "not_a_number")


def remark(text: str) -> str:
    """The words beside a cell's numbers, if they tell something: ``Cel: 8812-3456 (mamá)`` gives ``Cel mamá``."""
    try:
        text = unsheet(tidy(text))
    except BadPhone:
        return ""
    if not any(map(str.isalpha, text)) or _WORDS.fullmatch(text):
        return ""
    rest = _RUN.sub(lambda run: " " if sum(map(str.isdecimal, run[0])) >= 7 else run[0], extension(text)[0])
    words = [word for part in rest.split() if (word := part.strip(".,:;/|()-#"))]
    tells = any(any(map(str.isalpha, word)) and word.lower() not in SAY_PHONE for word in words)
    return " ".join(words) if tells else ""


def runs(text: str) -> list[str]:
    """The stretches long enough to be a phone; a text without letters is one stretch."""
    if not any(map(str.isalpha, text)):
        return [text]
    return [run for run in _RUN.findall(text) if sum(map(str.isdecimal, run)) >= 7]
