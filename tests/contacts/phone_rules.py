"""The library alone, as the judge of our answers."""

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from app.contacts.phones import BadPhone, normalise, normalise_many

KINDS = {
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed_or_mobile",
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.PERSONAL_NUMBER: "personal",
}


def by_library(text: str, region: str) -> tuple[str, str, str] | None:
    """(E.164, region, kind), or None where the library refuses."""
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    e164 = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return e164, phonenumbers.region_code_for_number(parsed), KINDS[phonenumbers.number_type(parsed)]


def by_us(text: str, region: str) -> tuple[str, str, str] | None:
    try:
        phone = normalise(text, region)
    except BadPhone:
        return None
    return phone.e164, phone.region, phone.kind


def reason(text: str, region: str | None) -> str:
    """The reason code of a text that must be refused."""
    (answer,) = normalise_many([text], region)
    assert isinstance(answer, BadPhone), f"{text!r} was taken for {answer}"
    assert answer.sentence
    assert "%(" not in answer.sentence
    return answer.reason_code
