"""News about what was sent. They come in any order and more than once; who keeps them must not go backwards.

Our own key travels as `biz_opaque_callback_data` and comes back here, so that a doubtful send finds its message.
"""

from datetime import datetime
from typing import get_args

from drivers.contract import N_, STATES, Status
from drivers.meta.faults import UNKNOWN, code_of, rule_for, why
from drivers.meta.reading import Fields, fields, first, seconds, text
from drivers.whatsapp.errors import RULES

ALIKE = {"played": "read"}  # a voice message that was heard
FREE = N_("WhatsApp no cobra este mensaje.")
CHARGED = {
    "marketing": N_("WhatsApp cobra este mensaje como mercadotecnia."),
    "marketing_lite": N_("WhatsApp cobra este mensaje como mercadotecnia."),
    "utility": N_("WhatsApp cobra este mensaje como utilidad."),
    "authentication": N_("WhatsApp cobra este mensaje como autenticación."),
    "authentication_international": N_("WhatsApp cobra este mensaje como autenticación internacional."),
    "service": N_("WhatsApp cobra este mensaje como servicio."),
}


def status(said: Fields, at: datetime) -> Status | None:
    """None for a state that the office does not know, or without the message's id. `at`: when it came."""
    named = text(said, "status")
    state = ALIKE.get(named, named)
    if state not in get_args(STATES) or not text(said, "id"):
        return None
    code, sentence = _failure(said) if state == "failed" else ("", charge(fields(said, "pricing")))
    return Status(
        state=state,  # type: ignore[arg-type]  # one of STATES, as was just seen
        external_id=text(said, "id"), key=text(said, "biz_opaque_callback_data"),
        at=seconds(said, "timestamp") or at, code=code, sentence=sentence, price=_price(fields(said, "pricing")),
    )  # fmt: skip


def _failure(said: Fields) -> tuple[str, str]:
    """The code, and the sentence with its places filled: a status carries no facts."""
    error = first(said, "errors")
    rule = rule_for(code_of(error), RULES)
    facts = {"code": text(error, "code") or "?", "why": why(error) or "?"}
    return text(error, "code"), (rule.sentence if rule else UNKNOWN) % facts


def charge(pricing: Fields) -> str:
    """How Meta charges it, in words; the amount is on its bill, not in the notice."""
    if not pricing:
        return ""
    if pricing.get("billable") is False or text(pricing, "type").startswith("free"):
        return FREE
    return CHARGED.get(text(pricing, "category"), "")


def _price(pricing: Fields) -> str:
    """Only when an amount was written: resellers of the API add one."""
    amount, currency = text(pricing, "amount"), text(pricing, "currency")
    return f"{amount} {currency}" if amount and currency else ""
