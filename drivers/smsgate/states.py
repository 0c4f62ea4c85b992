"""States of a message and its recipients, and the reasons that Android gives, as statuses with sentences."""

from collections.abc import Mapping
from datetime import datetime

from drivers.contract import N_, STATES, Status, now

RANKS = {"Pending": 0, "Processed": 1, "Sent": 2, "Delivered": 3, "Failed": 3, "Cancelled": 3}
FINAL = ("Delivered", "Failed", "Cancelled")
EVENTS = {"sms:sent": "Sent", "sms:delivered": "Delivered", "sms:failed": "Failed", "sms:cancelled": "Cancelled"}
TOLD: Mapping[str, STATES] = {"Sent": "sent", "Delivered": "delivered", "Failed": "failed", "Cancelled": "failed"}
FAILED = N_("El teléfono no pudo enviar el mensaje.")
CANCELLED = N_("El envío se canceló en el teléfono.")
REASONS = (  # what the reason holds -> code and sentence
    ("RADIO_OFF", "radio_off", N_("El teléfono está en modo avión. Apáguelo y envíe de nuevo.")),
    ("RADIO_NOT_AVAILABLE", "radio_off", N_("El teléfono está en modo avión. Apáguelo y envíe de nuevo.")),
    ("NO_SERVICE", "no_service", N_("El teléfono no tiene señal. Muévalo y envíe de nuevo.")),
    ("LIMIT_EXCEEDED", "limit", N_("El teléfono llegó a su límite de envíos. Espere o suba el límite en Android.")),
    ("SHORT_CODE", "short_code", N_("Android no permite enviar a ese número corto. Permítalo en el teléfono.")),
    ("FDN_CHECK", "fdn", N_("La SIM solo permite enviar a los números de su lista fija (FDN).")),
    ("TTL expired", "expired", N_("El mensaje venció antes de salir.")),
    ("SIM", "no_sim", N_("El teléfono no tiene la SIM pedida, o la aplicación no tiene permiso para elegirla.")),
    ("Invalid phone number", "number", N_("El número no es válido. Revíselo.")),
    ("GENERIC_FAILURE", "generic", N_("La red no aceptó el mensaje. Revise el saldo y el número.")),
    ("NETWORK", "network", N_("La red no aceptó el mensaje. Revise el saldo y el número.")),
    ("Delivery result", "undelivered", N_("La red no pudo entregar el mensaje.")),
)


def status(state: str, message_id: str, recipient: str, at: datetime | None, reason: str = "") -> Status | None:
    """None for a state that says nothing new to people, or that we do not know.

    The message's id is our key, if that fitted: news may be here before the receipt is.
    """
    if state not in TOLD:
        return None
    code, sentence = "", ""
    if state in ("Failed", "Cancelled"):
        code, sentence = ("cancelled", CANCELLED) if state == "Cancelled" else why(reason)
    return Status(
        state=TOLD[state], external_id=message_id, key=message_id, address=recipient, at=at or now(), code=code,
        sentence=sentence,
    )  # fmt: skip


def why(reason: str) -> tuple[str, str]:
    known = ((code, sentence) for part, code, sentence in REASONS if part in reason)
    return next(known, ("failed", FAILED))
