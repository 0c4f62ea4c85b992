"""Click-to-call in the exchange's words: the agent's phone rings first, then the dialplan calls the customer."""

import re

from drivers.contract import N_, NeedsHuman, SendError
from drivers.telephony.links import dialled, prefixed
from drivers.telephony.settings import Dial, TelephonySettings

EXTENSION = re.compile(r"[A-Za-z0-9_.*#+-]{1,40}\Z")
UNPRINTABLE = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029"\\<>]')
NAME_MAX = 60
BAD_NUMBER = N_("Ese número no se puede marcar. Revise el número.")
BAD_EXTENSION = N_("Falta la extensión del puesto, o tiene letras que no sirven.")
DOUBTFUL = N_("La central no confirmó la llamada: quizá suene.")
DENIED = N_("La central no deja iniciar llamadas a este usuario.")
DENIED_STEPS = N_("Agregue originate a write= en manager.conf.\nRecargue la central y pulse Reintentar.")


def originate(settings: TelephonySettings, wanted: Dial, channel_id: str) -> list[tuple[str, str]]:
    """Headers of Originate. Raises SendError when a part cannot be dialled.

    With Async the exchange answers at once and says later (OriginateResponse) whether the phone was lifted. ChannelId
    becomes the Uniqueid and so the Linkedid of the call: its story is ours from the first event on.
    """
    number, channel = _number(settings, wanted.number), _channel(settings, wanted.extension)
    headers = [
        ("Channel", channel),
        ("Context", settings.context),
        ("Exten", number),
        ("Priority", "1"),
        ("Timeout", str(round(settings.ring_s * 1000))),
        ("CallerID", caller_id(wanted.name, number)),
        ("Variable", f"OFFICE_CALL={channel_id}"),
        ("ChannelId", channel_id),
        ("Async", "true"),
    ]
    if channel.startswith("Local/"):
        headers.insert(-1, ("OtherChannelId", f"{channel_id}-2"))
    return headers


def _number(settings: TelephonySettings, number: str) -> str:
    try:
        return prefixed(settings.prefix, dialled(number))
    except ValueError as error:
        raise SendError(True, "number", BAD_NUMBER) from error


def _channel(settings: TelephonySettings, extension: str) -> str:
    if not EXTENSION.match(extension):
        raise SendError(True, "extension", BAD_EXTENSION)
    return settings.phone_channel.replace("{extension}", extension)


def caller_id(name: str, number: str) -> str:
    """What the agent's phone shows; a name cannot end its quotes."""
    shown = UNPRINTABLE.sub(" ", name).strip()[:NAME_MAX]
    return f'"{shown}" <{number}>' if shown else f"<{number}>"


def refusal(said: str) -> SendError | NeedsHuman:
    """The exchange's No to Originate, in its own words."""
    if "permission" in said.lower():
        return NeedsHuman(DENIED, DENIED_STEPS)
    return SendError(True, "refused", N_("La central no aceptó la llamada. Revise la extensión y el contexto."))
