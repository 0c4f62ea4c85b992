"""Addresses: what was typed, made exact, with the key that joins one person across channels."""

import re

import msgspec

from app.contacts.models import CHANNELS
from app.contacts.phones import BadPhone, Phone, normalise
from app.frame.i18n import _
from app.frame.refused import Refused

LABEL_MAX = 40
NUMBERED = ("phone", "whatsapp", "sms")
MAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}", re.I)


class Exact(msgspec.Struct, frozen=True):
    """An address ready to store. `match` is the same for every channel that shares a number or a mailbox."""

    channel: str
    external_id: str
    match: str
    operator: str = ""
    label: str = ""


def exact(channel: str, typed: str, region: str, label: str = "") -> Exact:
    """Make an address exact. Raises Refused with the channel as field and the reason."""
    if channel not in CHANNELS:
        sentence = _("Elija uno de estos medios: %(channels)s.", channels=", ".join(CHANNELS))
        raise Refused(sentence, "channel")
    if len(label) > LABEL_MAX:
        raise Refused(_("Escriba %(n)s caracteres como máximo.", n=LABEL_MAX), "label")
    typed = typed.strip()
    if channel == "email":
        return _mail(typed, label)
    if channel in ("phone", "sms") or (channel == "whatsapp" and _looks_like_number(typed)):
        return _number(channel, typed, region, label)
    if not typed or len(typed) > 254:
        raise Refused(_("Escriba el identificador de %(channel)s.", channel=channel), channel)
    return Exact(channel, typed, f"{channel}:{typed}", "", label)


def _mail(typed: str, label: str) -> Exact:
    mail = typed.lower()
    if len(mail) > 254 or not MAIL.fullmatch(mail):
        sentence = _("«%(typed)s» no es un correo. Revise que tenga la forma nombre@dominio.", typed=typed[:80])
        raise Refused(sentence, "email")
    return Exact("email", mail, f"mail:{mail}", "", label)


def _looks_like_number(typed: str) -> bool:
    return bool(re.fullmatch(r"[+\d\s().-]{7,24}", typed))


def _number(channel: str, typed: str, region: str, label: str) -> Exact:
    try:
        phone = normalise(typed, region)
    except BadPhone as bad:
        raise Refused(bad.sentence, channel) from bad
    return Exact(channel, phone.e164, f"tel:{phone.e164}", phone.operator or "", _with_extension(label, phone))


def _with_extension(label: str, phone: Phone) -> str:
    """The extension is no part of the number; it is said beside it, as imports do."""
    extension = f"ext. {phone.extension}" if phone.extension else ""
    return label if extension in label else f"{label} {extension}".strip()[:LABEL_MAX]


def match_of(channel: str, external_id: str) -> str:
    """The key of an exact address."""
    if channel == "email":
        return f"mail:{external_id.lower()}"
    if channel in NUMBERED and external_id.startswith("+"):
        return f"tel:{external_id}"
    return f"{channel}:{external_id}"
