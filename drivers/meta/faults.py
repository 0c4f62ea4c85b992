"""What Meta's servers answer when they refuse, and what follows from it.

Every code is one line of a table: wait (try again by itself), never (this message cannot go), human (nothing goes
until a person acts). Source: developers.facebook.com, "Error codes" of the Cloud API and of the Messenger Platform.
"""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from msgspec import Struct

from drivers.contract import N_, NeedsHuman, NotReady, SendError, Trouble
from drivers.http import Answer
from drivers.meta.reading import fields, flag, items, text, whole

Cure = Literal["wait", "never", "human"]
DIGITS = re.compile(r"\d{6,}")
WHY_MAX = 300

UNKNOWN = N_("Meta rechazó la solicitud (código %(code)s): %(why)s")
TOKEN = N_("Meta no acepta el token de acceso: venció, fue revocado o no es de esta cuenta.")
TOKEN_STEPS = N_(
    "Entre a business.facebook.com, Usuarios del sistema, y genere un token nuevo.\n"
    "Péguelo en los ajustes de la conexión y pulse Reintentar."
)
PERMISSION = N_("El token de acceso no tiene permiso para esto.")
PERMISSION_STEPS = N_(
    "Genere un token con los permisos que pide la guía de la conexión.\n"
    "Péguelo en los ajustes de la conexión y pulse Reintentar."
)
MISSING = N_("Meta no conoce el identificador que está en los ajustes, o el token no alcanza a verlo.")
MISSING_STEPS = N_("Revise los identificadores y el token en los ajustes de la conexión y pulse Reintentar.")
BLOCKED = N_("Meta bloqueó o restringió la cuenta por sus políticas.")
BLOCKED_STEPS = N_("Abra la calidad de la cuenta en business.facebook.com y siga lo que pide.\nLuego pulse Reintentar.")
BUSY = N_("Meta está ocupada o en mantenimiento. Se intentará de nuevo.")
TOO_MANY = N_("Se enviaron demasiadas solicitudes a Meta. Se intentará de nuevo más tarde.")
MALFORMED = N_("Meta no entendió el mensaje: %(why)s")


class Rule(NamedTuple):
    """What a code means. `after_s`: how long to wait at least. `what_to_do` only where a person must act."""

    cure: Cure
    sentence: str
    what_to_do: str = ""
    after_s: float | None = None


Rules = Mapping[int, Rule]
TOKEN_RULE, PERMISSION_RULE = Rule("human", TOKEN, TOKEN_STEPS), Rule("human", PERMISSION, PERMISSION_STEPS)
MISSING_RULE, BLOCKED_RULE = Rule("human", MISSING, MISSING_STEPS), Rule("human", BLOCKED, BLOCKED_STEPS)
BUSY_RULE, TOO_MANY_RULE = Rule("wait", BUSY, after_s=30), Rule("wait", TOO_MANY, after_s=60)
COMMON: Rules = {
    0: TOKEN_RULE,
    102: TOKEN_RULE,
    190: TOKEN_RULE,
    3: PERMISSION_RULE,
    10: PERMISSION_RULE,
    **dict.fromkeys(range(200, 300), PERMISSION_RULE),
    33: MISSING_RULE,
    803: MISSING_RULE,
    368: BLOCKED_RULE,
    1: BUSY_RULE,
    2: BUSY_RULE,
    **dict.fromkeys((4, 17, 32, 341, 613), TOO_MANY_RULE),
    100: Rule("never", MALFORMED),
}


class Fault(Struct, frozen=True, kw_only=True):
    """Meta's error object, read. `said`: there was one; without it the answer came from something on the way."""

    status: int
    code: int = -1
    subcode: int = 0
    why: str = ""
    transient: bool = False
    said: bool = False
    after_s: float | None = None

    @property
    def doubtful(self) -> bool:
        """Whether what was asked may have been done all the same: a gateway's word, or "unknown error" (code 1)."""
        return self.status >= 500 and (not self.said or self.code == 1)


class Refused(Exception):
    """Meta answered, and not with what was asked for."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.status} {fault.code}/{fault.subcode}")
        self.fault = fault


def read_fault(answer: Answer) -> Fault:
    """Never raises; `why` carries no long numbers."""
    error = fields(answer.json(), "error")
    if not error:
        return Fault(status=answer.status, after_s=_wait_asked(answer))
    return Fault(
        status=answer.status, code=code_of(error), subcode=whole(error, "error_subcode"), why=why(error),
        transient=flag(error, "is_transient"), said=True, after_s=_wait_asked(answer),
    )


def code_of(error: object) -> int:
    """-1 for none: 0 is a code with a meaning."""
    return whole(error, "code") if text(error, "code") else -1


def why(error: object) -> str:
    """Meta's own words, the plainest that there are."""
    places = (("error_data", "details"), ("error_user_msg",), ("message",), ("title",))
    said = next((found for path in places if (found := text(error, *path))), "")
    return DIGITS.sub("…", said)[:WHY_MAX]


def _wait_asked(answer: Answer) -> float | None:
    """Seconds, from either of two headers: `retry-after`, or the minutes in which Meta lets an account in again."""
    said = answer.headers.get("retry-after", "")
    if said.isascii() and said.isdigit() and len(said) < 6:
        return float(said)
    used = Answer(status=200, headers={}, body=answer.headers.get("x-business-use-case-usage", "").encode()).json()
    minutes = [whole(each, "estimated_time_to_regain_access") for name in fields(used) for each in items(used, name)]
    return 60.0 * max(minutes, default=0) or None


def rule_for(code: int, rules: Rules, subcode: int = 0) -> Rule | None:
    """Subcodes say more than codes, a channel's own table more than the common one."""
    return rules.get(subcode) or (MISSING_RULE if subcode == 33 else None) or rules.get(code) or COMMON.get(code)


def trouble(fault: Fault, rules: Rules) -> Trouble:
    """What to raise. An unknown code is never tried again by itself, unless Meta calls it passing."""
    rule = rule_for(fault.code, rules, fault.subcode) if fault.said else _by_status(fault.status)
    if rule is None:
        rule = BUSY_RULE if fault.transient else Rule("never", UNKNOWN)
    facts = {"code": fault.code if fault.said else f"HTTP {fault.status}", "why": fault.why or "?"}
    if rule.cure == "human":
        return NeedsHuman(rule.sentence, rule.what_to_do, **facts)
    after_s = fault.after_s or rule.after_s
    return SendError(rule.cure == "never", str(facts["code"]), rule.sentence, after_s=after_s, **facts)


def _by_status(status: int) -> Rule | None:
    if status in (401, 403):
        return TOKEN_RULE
    if status == 404:
        return MISSING_RULE
    if status == 429:
        return TOO_MANY_RULE
    return BUSY_RULE if status >= 500 else None


def lasting(error: Trouble) -> Trouble:
    """Outside of sending, what passes by itself is "not ready" and what does not is a person's business."""
    if not isinstance(error, SendError):
        return error
    if error.permanent:
        return NeedsHuman(error.sentence, MISSING_STEPS, **error.facts)
    return NotReady(error.sentence, after_s=error.after_s, **error.facts)
