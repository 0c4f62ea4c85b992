"""An Outbound as the app's send request. Our key is its id, so that asking twice is sending once (409)."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from drivers.contract import N_, Limit, Outbound, SendError
from drivers.smsgate.events import CHANNEL
from drivers.smsgate.settings import SmsgateSettings

ID = re.compile(r"[A-Za-z0-9_-]{1,36}")
NUMBER = re.compile(r"\+?[0-9*#]{2,20}")
PEOPLE_MAX = 100
CHARS_MAX = 1530  # ten parts of 153
LIMITS = {"text": Limit(chars=CHARS_MAX)}
BASIC = set(  # 3GPP TS 23.038, 6.2.1
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = set("^{}\\[~]|€\f")  # 6.2.1.1: two septets each
EMPTY = N_("El mensaje no tiene texto. Escriba algo.")
NO_FILES = N_("Por SMS no se envían archivos. Envíe un enlace.")
WRONG_NUMBER = N_("El número no es válido. Escríbalo completo, con + y el código del país.")
TOO_MANY = N_("Son demasiados destinatarios: caben %(most)s.")
LONG = N_("El texto tiene %(chars)s letras y caben %(most)s. Acórtelo.")
EXPIRED = N_("El mensaje venció antes de enviarse.")
WRONG_SIM = N_("La SIM pedida no existe. Use 1, 2 o 3.")


def message_id(key: str) -> str:
    """At most 36 letters; the same key is always the same id."""
    return key if ID.fullmatch(key) else "c-" + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:32]


def request(settings: SmsgateSettings, outbound: Outbound, at: datetime) -> dict[str, Any]:
    """The body of POST /messages. Raises SendError when it cannot go at all."""
    _check(outbound)
    body: dict[str, Any] = {
        "id": message_id(outbound.key), "phoneNumbers": _people(outbound), "textMessage": {"text": outbound.text},
        "withDeliveryReport": outbound.options.get("report", "") != "false" and settings.reports,
    }  # fmt: skip
    sim, ttl_s = outbound.options.get("sim", settings.sim), _ttl_s(settings, outbound, at)
    if sim not in ("auto", "1", "2", "3"):
        raise SendError(True, "sim", WRONG_SIM)
    more = {
        "simNumber": int(sim) if sim != "auto" else None, "ttl": ttl_s or None,
        "priority": settings.priority or None, "deviceId": settings.device_id or None,
    }  # fmt: skip
    return body | {name: value for name, value in more.items() if value is not None}


def query(outbound: Outbound) -> Mapping[str, str]:
    """A short code is no number of a person: the app must not try to make one of it."""
    short = not all(number.startswith("+") for number in (outbound.to, *outbound.cc))
    return {"skipPhoneValidation": "true"} if short else {}


def _check(outbound: Outbound) -> None:
    if outbound.channel != CHANNEL:
        raise SendError(True, "channel", N_("Esta conexión no lleva ese canal."))
    if outbound.attachments:
        raise SendError(True, "files", NO_FILES)
    if not outbound.text:
        raise SendError(True, "empty", EMPTY)
    if len(outbound.text) > CHARS_MAX:
        raise SendError(True, "too_long", LONG, chars=len(outbound.text), most=CHARS_MAX)


def _people(outbound: Outbound) -> list[str]:
    people = [re.sub(r"[ ().-]", "", number) for number in (outbound.to, *outbound.cc)]
    if len(people) > PEOPLE_MAX:
        raise SendError(True, "too_many", TOO_MANY, most=PEOPLE_MAX)
    if not all(NUMBER.fullmatch(number) for number in people):
        raise SendError(True, "number", WRONG_NUMBER)
    return people


def _ttl_s(settings: SmsgateSettings, outbound: Outbound, at: datetime) -> int:
    """Seconds to live, 0 for ever. Seconds and not an instant: the phone's clock may be wrong."""
    asked = outbound.options.get("ttl", "")
    ttl_s = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else settings.ttl_s
    if outbound.expires_at is None:
        return ttl_s
    left_s = int((outbound.expires_at - at).total_seconds())
    if left_s <= 0:
        raise SendError(True, "expired", EXPIRED)
    return min(left_s, ttl_s) if ttl_s else left_s


def parts(text: str) -> int:
    """How many SMS the phone makes of it: 160 or 153 septets, 70 or 67 UTF-16 units (3GPP TS 23.040)."""
    letters = set(text)
    if letters <= BASIC | EXTENDED:
        size, whole, part = len(text) + sum(text.count(each) for each in EXTENDED), 160, 153
    else:
        size, whole, part = len(text.encode("utf-16-le", "replace")) // 2, 70, 67
    return 1 if size <= whole else -(-size // part)
