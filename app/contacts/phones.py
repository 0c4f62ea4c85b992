"""Phones as the office keeps them: E.164, whatever was typed.

Costa Rican and Mexican numbers take a fast path built from phonenumbers' own metadata;
everything else, and every doubt, goes to the library. Both give the same answer.
"""

import re
from functools import lru_cache

import msgspec
import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult

from app.contacts import phone_text
from app.contacts.bad_phone import BadPhone
from app.contacts.phone_plans import KINDS, MOBILE_KINDS, PLANS, Plan
from app.contacts.prefixes import carriers

__all__ = [
    "BadPhone", "Phone", "Sifted", "digits", "display", "national", "normalise", "normalise_many", "operator",
    "plain_many", "several", "sift",
]  # fmt: skip


class Phone(msgspec.Struct, frozen=True, gc=False):
    """``e164`` is the key. ``kind``: mobile, fixed, fixed_or_mobile, toll_free, premium, voip...
    ``operator``: who first had the range, where the metadata names it."""

    e164: str
    region: str
    kind: str
    operator: str | None = None
    extension: str | None = None


class Sifted(msgspec.Struct, frozen=True):
    """What a cell held: its phones in order, and the pieces that are none, each with its reason."""

    phones: list[Phone]
    refused: list[tuple[str, BadPhone]]


_FILLER = {ord(char): None for char in " -()\t"}
_KIND_OF_TYPE = {
    getattr(PhoneNumberType, field.upper()): kind for field, kind in KINDS.items()
} | {
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed_or_mobile",
}  # fmt: skip
_ABROAD = ("00", "09")  # what dials another country from CR or MX: such a number may be whole without its plan
_SEPARATORS = re.compile(r"\s*(?:[;,|\n\r/]|:{2,}|\s(?:y|e|o|u|and|or)\s)\s*", re.IGNORECASE)
_GROUP = re.compile(r"\+?\d+")
_LONGEST_CELL = 2000


def normalise(text: str, region: str | None) -> Phone:
    """One phone as people write it. ``region`` (ISO code) is the country of numbers without +. Raises BadPhone."""
    answer = _try(text, region)
    if isinstance(answer, BadPhone):
        raise answer
    return answer


def plain_many(texts: list[str], region: str | None) -> list[tuple[str, str | None] | None]:
    """(E.164, operator) of a column's plain numbers, as `normalise` has them; None for what it has to look at."""
    plan = PLANS.get(region)  # type: ignore[arg-type]  # an office without a country has no plan
    if plan is None:
        return [None] * len(texts)
    match, plus, operator = plan.match, plan.plus, plan.operator
    made: list[tuple[str, str | None] | None] = []
    for text in texts:
        found = match(text if text.isalnum() else text.translate(_FILLER))
        if found:
            kind: str = found.lastgroup  # type: ignore[assignment]  # every alternative of the pattern is named
            made.append((plus + (number := found[kind]), operator(number, kind)))
        else:
            made.append(None)
    return made


def normalise_many(texts: list[str], region: str | None) -> list[Phone | BadPhone]:
    """A column at once: a Phone or the reason for each text, in order. Never raises for a text."""
    return [_try(text, region) for text in texts]


def _try(text: str, region: str | None) -> Phone | BadPhone:
    plan = PLANS.get(region)  # type: ignore[arg-type]  # an office without a country has no plan
    if plan is None:
        return _slow(text, region)
    bare = text.translate(_FILLER)
    if found := plan.match(bare):
        return _phone(plan, found)
    if len(bare) in plan.lengths and bare.isascii() and bare.isdecimal() and not bare.startswith(_ABROAD):
        return BadPhone("unassigned", {"region": region})
    return _slow(text, region)


def _phone(plan: Plan, found: re.Match[str], extension: str | None = None) -> Phone:
    kind: str = found.lastgroup  # type: ignore[assignment]  # every alternative of the pattern is named
    digits = found[kind]
    return Phone(plan.plus + digits, plan.region, kind, plan.operator(digits, kind), extension)


def _slow(text: str, region: str | None) -> Phone | BadPhone:
    try:
        return _read(text, region)
    except BadPhone as refusal:
        return refusal


def _read(text: str, region: str | None) -> Phone:
    whole = phone_text.unsheet(phone_text.tidy(text[: phone_text.LONGEST + 1]))
    if not any(map(str.isalnum, whole)):
        raise BadPhone("masked" if "*" in whole else "empty")
    if len(whole) > phone_text.LONGEST:
        raise BadPhone("not_a_number")
    if "*" in whole:
        raise BadPhone("masked")
    main, extension = phone_text.extension(whole)
    number = phone_text.only_number(main)
    return _by_plan(number, region, extension) or _by_library(number, region, extension)


def _by_plan(number: str, region: str | None, extension: str | None) -> Phone | None:
    bare = number.translate(_FILLER).replace(".", "").replace("+00", "+")
    plan = _home(bare) if bare.startswith("+") else PLANS.get(region or "")
    found = plan.match(bare) if plan else None
    return _phone(plan, found, extension) if plan and found else None


def _home(e164: str) -> Plan | None:
    return next((plan for plan in PLANS.values() if e164.startswith(plan.plus)), None)


def _by_library(number: str, region: str | None, extension: str | None) -> Phone:
    try:
        parsed = phonenumbers.parse(number, region)
    except NumberParseException as error:
        raise _unread(error, number, region) from error
    found = phonenumbers.region_code_for_number(parsed)
    if found is None or not phonenumbers.is_valid_number(parsed):
        raise _unfit(parsed, number, region)
    if len(parsed.extension or "") >= 7:
        raise BadPhone("several")
    kind = _KIND_OF_TYPE[phonenumbers.number_type(parsed)]
    e164 = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return Phone(e164, found, kind, _operator(parsed, kind), parsed.extension or extension)


def _operator(parsed: phonenumbers.PhoneNumber, kind: str) -> str | None:
    if kind not in MOBILE_KINDS:
        return None
    return carriers(parsed.country_code or 0).find(phonenumbers.national_significant_number(parsed))


def _unread(error: NumberParseException, number: str, region: str | None) -> BadPhone:
    kind = error.error_type
    if kind == NumberParseException.INVALID_COUNTRY_CODE:
        return BadPhone("country" if number.startswith(("+", "00")) else "no_country")
    if kind in (NumberParseException.TOO_SHORT_NSN, NumberParseException.TOO_SHORT_AFTER_IDD):
        return _length("too_short", region, len(digits(number)))
    if kind == NumberParseException.TOO_LONG:
        return _length("too_long", region, len(digits(number)))
    count = len(digits(number))
    return _length("too_short", region, count) if 0 < count < 3 else BadPhone("not_a_number")


def _unfit(parsed: phonenumbers.PhoneNumber, number: str, region: str | None) -> BadPhone:
    if len(digits(number)) >= 14 and len(_GROUP.findall(number)) > 1 and _pieces(number, region):
        return BadPhone("several")
    country = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    count = len(phonenumbers.national_significant_number(parsed))
    possible = phonenumbers.is_possible_number_with_reason(parsed)
    if possible == ValidationResult.IS_POSSIBLE and count in _expected(country):
        return BadPhone("unassigned", _of(country))
    if country == "MX" and possible == ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        return BadPhone("area_code")
    short = count < min(_expected(country), default=count)
    return _length("too_short" if short else "too_long", country, count)


def _length(reason: str, country: str | None, count: int) -> BadPhone:
    expected = sorted(_expected(country or ""))
    if not expected:
        return BadPhone("no_country" if country is None else "not_a_number")
    lengths = "/".join(map(str, expected)) if len(expected) < 4 else f"{expected[0]}-{expected[-1]}"
    return BadPhone(reason, _of(country) | {"expected": lengths, "count": count})


def _of(country: str | None) -> dict[str, str]:
    """How the sentence names the country: CR and MX by name (translated later), others by calling code."""
    code = phonenumbers.country_code_for_region(country or "")
    return {"region": country} if country in PLANS else {"country": f"+{code}"}


@lru_cache(maxsize=300)
def _expected(country: str) -> frozenset[int]:
    """How many digits an ordinary number of the country has."""
    found = (phonenumbers.example_number_for_type(country, kind) for kind in (0, 1, 2))
    return frozenset(len(phonenumbers.national_significant_number(one)) for one in found if one)


def several(text: str, region: str | None) -> list[Phone]:
    """Every phone in a cell (``8812-3456 / 2260 4418; 7000 1111``), once each, in order. Raises BadPhone if none."""
    sifted = sift(text, region)
    if not sifted.phones:
        raise sifted.refused[0][1]
    return sifted.phones


def sift(text: str, region: str | None) -> Sifted:
    """A cell's phones, and what in it is not one: nothing is lost in silence."""
    whole = _try(text, region)
    if isinstance(whole, Phone):
        return Sifted([whole], [])
    kept: dict[str, Phone] = {}
    refused: list[tuple[str, BadPhone]] = []
    for piece in filter(None, map(str.strip, _SEPARATORS.split(phone_text.tidy(text[:_LONGEST_CELL])))):
        answers = [one] if isinstance(one := _try(piece, region), Phone) else _pieces(piece, region)
        kept.update((phone.e164, phone) for phone in answers if phone.e164 not in kept)
        refused += [(piece, one)] if not answers and isinstance(one, BadPhone) else []
    if rest := text[_LONGEST_CELL:]:
        refused.append((rest, BadPhone("not_a_number")))
    return Sifted(list(kept.values()), refused or ([] if kept else [(text, whole)]))


def _pieces(text: str, region: str | None) -> list[Phone]:
    """Phones written one after another, with words or only spaces between; none unless all of it is phones."""
    found: list[Phone] = []
    for run in phone_text.runs(text):
        pending = ""
        for group in _GROUP.findall(run):
            pending += group
            if isinstance(one := _try(pending, region), Phone):
                found.append(one)
                pending = ""
        if pending:
            return []
    return found


def digits(text: str) -> str:
    """The digits alone, for searching a fragment: ``+506 88-12`` gives ``5068812``."""
    return "".join(filter(str.isdecimal, phone_text.tidy(text)))


@lru_cache(maxsize=8192)
def national(e164: str) -> str:
    """As people of that country write it: ``8812 3456``, ``33 1234 5678``. Anything else comes back as it is."""
    if plan := _home(e164):
        return plan.shape(e164[len(plan.plus) :])
    return _formatted(e164, PhoneNumberFormat.NATIONAL)


@lru_cache(maxsize=8192)
def display(e164: str) -> str:
    """With its country: ``+506 8812 3456``."""
    if plan := _home(e164):
        return f"{plan.plus} {plan.shape(e164[len(plan.plus) :])}"
    return _formatted(e164, PhoneNumberFormat.INTERNATIONAL)


def _formatted(e164: str, form: int) -> str:
    try:
        return phonenumbers.format_number(phonenumbers.parse(e164), form)
    except NumberParseException:
        return e164


def operator(e164: str) -> str | None:
    """Who first had the number's range, by the metadata's name (``Kolbi ICE``); None where it names nobody."""
    plan = _home(e164)
    answer = _try(e164, plan.region if plan else None)
    return answer.operator if isinstance(answer, Phone) else None
