"""What Telegram's answer means: {"ok": true, "result": ...} or {"ok": false, "error_code", "description", ...}."""

from collections.abc import Mapping
from typing import Any, NoReturn

from msgspec import Struct

from drivers.contract import N_, NeedsHuman, NotReady, SendError
from drivers.loose import as_object, part, text, whole

BAD_TOKEN = N_("Telegram no reconoce el token del bot.")
BAD_TOKEN_STEPS = N_(
    "Abra @BotFather en Telegram, elija el bot y copie su token.\n"
    "Péguelo en los ajustes de la conexión y guarde."
)  # fmt: skip
WEBHOOK_SET = N_("Los mensajes de este bot van por avisos a otra dirección, por eso no se le puede preguntar.")
WEBHOOK_SET_STEPS = N_(
    "Si esa dirección ya no se usa, pulse «remove_webhook» en las acciones de la conexión.\n"
    "Si sí se usa, elija «Recibir avisos» en los ajustes."
)
OTHER_READER = N_("Otro programa está leyendo los mensajes de este bot. Apáguelo: solo uno puede leerlos a la vez.")
BLOCKED = N_("La persona bloqueó el bot. No se le puede escribir hasta que lo desbloquee.")
DELETED = N_("Esa cuenta de Telegram ya no existe.")
NOT_STARTED = N_("La persona no ha escrito al bot. Telegram no deja que el bot escriba primero.")
NOT_IN = N_("El bot ya no está en ese grupo o no puede escribir en él.")
NO_CHAT = N_("Esa conversación no existe o el bot no la conoce.")
BIG_UPLOAD = N_("El archivo es más grande de lo que Telegram acepta.")
BIG_DOWNLOAD = N_("El archivo pesa más de los 20 MB que Telegram entrega a un bot. Pida a la persona un enlace.")
NO_FILE = N_("Telegram ya no tiene ese archivo. Pida a la persona que lo envíe de nuevo.")
TOO_FAST = N_("Telegram pide ir más despacio. Se intentará de nuevo en %(seconds)s segundos.")
REFUSED = N_("Telegram no aceptó el mensaje: %(reason)s")
TROUBLE = N_("Telegram no está bien ahora (%(code)s). Se intentará de nuevo.")
FORBIDDEN = (  # what the description holds -> code and sentence
    ("blocked by the user", "blocked", BLOCKED),
    ("user is deactivated", "deleted", DELETED),
    ("can't initiate conversation", "not_started", NOT_STARTED),
    ("can't send messages to bots", "bot", NOT_STARTED),
    ("kicked", "not_in_group", NOT_IN),
    ("not a member", "not_in_group", NOT_IN),
    ("rights", "not_in_group", NOT_IN),
)
REASON_MAX = 200


class Said(Struct, frozen=True, kw_only=True):
    """A refusal, read."""

    code: int
    description: str
    retry_after: int | None = None
    new_chat: int | None = None


def result(value: Any) -> tuple[Any, Said | None]:
    """What was asked for, or the refusal. What is neither is no Telegram: code 0."""
    body = as_object(value)
    if body.get("ok") is True:
        return body.get("result"), None
    more = part(body, "parameters")
    return None, Said(
        code=whole(body, "error_code") or 0, description=text(body, "description")[:REASON_MAX],
        retry_after=whole(more, "retry_after"), new_chat=whole(more, "migrate_to_chat_id"),
    )  # fmt: skip


def refuse_reading(said: Said) -> NoReturn:
    """For all that only asks: whatever it is, it can be asked again, or a person must act."""
    if said.code in (401, 404):
        raise NeedsHuman(BAD_TOKEN, BAD_TOKEN_STEPS)
    if said.code == 409 and "webhook" in said.description.lower():
        raise NeedsHuman(WEBHOOK_SET, WEBHOOK_SET_STEPS)
    if said.code == 409:
        raise NotReady(OTHER_READER)
    if said.code == 429:
        raise NotReady(TOO_FAST, after_s=said.retry_after, seconds=said.retry_after or 1)
    raise NotReady(TROUBLE, code=said.code)


def refuse_sending(said: Said) -> NoReturn:
    """Not sent, for certain. 5xx does not come here: there Telegram itself may not know."""
    if said.code in (401, 404):
        raise NeedsHuman(BAD_TOKEN, BAD_TOKEN_STEPS)
    if said.code == 429:
        seconds = said.retry_after or 1
        raise SendError(False, "too_fast", TOO_FAST, after_s=seconds, seconds=seconds)
    if said.code == 413:
        raise SendError(True, "too_big", BIG_UPLOAD)
    code, sentence = _why(said)
    if sentence is REFUSED:
        raise SendError(True, code, REFUSED, reason=said.description)
    raise SendError(True, code, sentence)


def _why(said: Said) -> tuple[str, str]:
    description = said.description.lower()
    if said.code == 403:
        known = ((code, sentence) for part_, code, sentence in FORBIDDEN if part_ in description)
        return next(known, ("forbidden", REFUSED))
    if "chat not found" in description:
        return "no_chat", NO_CHAT
    if "file is too big" in description:
        return "too_big", BIG_DOWNLOAD
    if "file_id" in description:
        return "no_file", NO_FILE
    return "refused", REFUSED


def message_ids(given: Any) -> tuple[str, ...]:
    """`chat:message` of what was sent: a message, the messages of an album, or nothing to name (True)."""
    from_list: list[Any] = given if isinstance(given, list) else [given]
    return tuple(_id(as_object(each)) for each in from_list if isinstance(each, dict))


def _id(message: Mapping[str, Any]) -> str:
    return f"{whole(part(message, 'chat'), 'id')}:{whole(message, 'message_id')}"
