"""Who somebody on WhatsApp is: a number, a business-scoped user id, or both.

Since 2026 a person may hide the number behind a user name; then only the user id comes (`CR.1234`, for managed groups
of businesses also `CR.ENT.1234`). When both come together they join: the number is the address, the ids are in `also`.
A user name is no address: it may pass to somebody else.
Source: developers.facebook.com, "Business-scoped user IDs".
"""

import re

from drivers.contract import Party
from drivers.meta.reading import Fields, fields, items, text

USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
GROUP_ID = re.compile(r"Y2FwaV9ncm91c[A-Za-z0-9+/=_-]{4,120}")  # "capi_group:…" in base64
NOT_DIGITS = re.compile(r"[^0-9]")
MEXICO_OLD = re.compile(r"521([0-9]{10})")


def address(wa_id: str) -> str:
    """A WhatsApp id (digits) as E.164; "" when it is none. Mexican ids keep a 1 that numbers lost in 2019."""
    digits = NOT_DIGITS.sub("", wa_id)
    digits = MEXICO_OLD.sub(r"52\1", digits) if MEXICO_OLD.fullmatch(digits) else digits
    return f"+{digits}" if E164.fullmatch(f"+{digits}") else ""


def is_user_id(said: str) -> bool:
    return USER_ID.fullmatch(said) is not None


def party(number: str, *ids: str, name: str = "") -> Party | None:
    """Number first, then the ids; None when nothing says who it is."""
    known = [each for each in dict.fromkeys((address(number), *ids)) if each]
    return Party(address=known[0], name=name, also=tuple(known[1:])) if known else None


class People:
    """The `contacts` of one change: names and ids for those who appear in its messages."""

    def __init__(self, value: Fields) -> None:
        self.known = list(items(value, "contacts"))

    def sender(self, message: Fields) -> Party | None:
        return self._find(text(message, "from"), text(message, "from_user_id"), text(message, "from_parent_user_id"))

    def receiver(self, message: Fields) -> Party | None:
        return self._find(text(message, "to"), text(message, "to_user_id"), text(message, "to_parent_user_id"))

    def _find(self, number: str, user_id: str, parent_id: str) -> Party | None:
        if is_user_id(number):  # an id in the number's place
            number, user_id = "", user_id or number
        card = self._card(number, user_id)
        ids = (user_id, parent_id, text(card, "user_id"), text(card, "parent_user_id"))
        return party(number or text(card, "wa_id"), *ids, name=_name(card))

    def _card(self, number: str, user_id: str) -> Fields:
        """One card and nobody named: it is that person's."""
        for card in self.known:
            if (number and text(card, "wa_id") == number) or (user_id and text(card, "user_id") == user_id):
                return card
        return self.known[0] if len(self.known) == 1 and not number and not user_id else {}


def _name(card: Fields) -> str:
    profile = fields(card, "profile")
    user_name = text(profile, "username").removeprefix("@")
    return text(profile, "name") or (f"@{user_name}" if user_name else "")
