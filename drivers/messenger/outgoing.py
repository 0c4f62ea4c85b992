"""From an Outbound to what the Send API wants: POST /PAGE/messages, one body for each part."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from drivers.contract import N_, Attachment, Choice, Outbound, SendError
from drivers.messenger import limits
from drivers.messenger.news import OURS

LINK = re.compile(r"https?://\S", re.IGNORECASE)
RECIPIENT = re.compile(r"[0-9]{3,40}")
TAGS = ("HUMAN_AGENT", "ACCOUNT_UPDATE", "CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE")
REACTIONS = {
    "❤": "love", "👍": "like", "😆": "smile", "😂": "smile", "😮": "wow", "😢": "sad", "😡": "angry", "👎": "dislike",
}  # fmt: skip
BAD_RECIPIENT = N_("El destinatario no es el id de una persona en esta página.")
BAD_TAG = N_("La etiqueta «%(tag)s» no existe. Use HUMAN_AGENT o ninguna.")
EMPTY = N_("El mensaje está vacío. Escriba algo o adjunte un archivo.")
NO_TARGET = N_("Falta el mensaje al que se reacciona.")
NOT_CARRIED = N_("Messenger e Instagram no llevan plantillas, ubicaciones ni contactos. Escríbalo como texto.")
Content = dict[str, Any]


class Part(Struct, kw_only=True):
    """One body to send. When `file` must be uploaded first, its id goes into `slot`, a place within `body`."""

    body: Content
    file: Attachment | None = None
    slot: Content = field(default_factory=dict)


def parts(outbound: Outbound) -> list[Part]:
    """Raises SendError for what would not be taken."""
    if outbound.template is not None or outbound.location is not None or outbound.cards:
        raise SendError(True, "not_carried", NOT_CARRIED)
    if outbound.reaction is not None:
        return [_reaction(outbound)]
    found = [*_text(outbound), *_files(outbound)]
    if not found:
        raise SendError(True, "empty", EMPTY)
    return found


def recipient(to: str) -> Content:
    """Page-scoped and Instagram-scoped ids are digits. Raises SendError."""
    if not RECIPIENT.fullmatch(to.strip()):
        raise SendError(True, "bad_recipient", BAD_RECIPIENT)
    return {"recipient": {"id": to.strip()}}


def _envelope(outbound: Outbound, message: Content) -> Content:
    """An answer, or with option `tag` a message beyond the 24 hours. Our key comes back in the echo."""
    tag = outbound.options.get("tag", "").strip().upper()
    if tag and tag not in TAGS:
        raise SendError(True, "bad_tag", BAD_TAG, tag=tag)
    if outbound.channel == "messenger" and outbound.key:
        message["metadata"] = OURS + outbound.key
    kind: Content = {"messaging_type": "MESSAGE_TAG", "tag": tag} if tag else {"messaging_type": "RESPONSE"}
    answers: Content = {"reply_to": {"mid": outbound.reply_to}} if outbound.reply_to else {}
    return recipient(outbound.to) | kind | answers | {"message": message}


def _text(outbound: Outbound) -> Iterator[Part]:
    text = outbound.text.strip()
    if text or outbound.choices:
        message = _question(outbound.channel, text, outbound.choices, outbound.options)
        yield Part(body=_envelope(outbound, message))


def _question(channel: str, text: str, choices: tuple[Choice, ...], options: Mapping[str, str]) -> Content:
    """Choices are quick replies, which vanish once pressed; with option `style=buttons` they stay."""
    stay = options.get("style") == "buttons"
    if choices:
        limits.choices_fit(choices, text, limits.BUTTONS if stay else limits.QUICK_REPLIES)
    limits.text_fits(channel, text, limits.BUTTON_TEXT if stay and choices else 0)
    if choices and stay:
        buttons = [{"type": "postback", "title": c.title, "payload": c.payload} for c in choices]
        return {"attachment": {"type": "template", "payload": _template(text, buttons)}}
    replies = [{"content_type": "text", "title": c.title, "payload": c.payload} for c in choices]
    return {"text": text} | ({"quick_replies": replies} if replies else {})


def _template(text: str, buttons: list[Content]) -> Content:
    return {"template_type": "button", "text": text, "buttons": buttons}


def _files(outbound: Outbound) -> Iterator[Part]:
    for file in outbound.attachments:
        limits.file_fits(outbound.channel, file)
        linked = LINK.match(file.ref)
        slot: Content = {"url": file.ref, "is_reusable": False} if linked else {}
        message = {"attachment": {"type": limits.kind_of(file), "payload": slot}}
        yield Part(body=_envelope(outbound, message), file=None if linked else file, slot=slot)


def _reaction(outbound: Outbound) -> Part:
    """Meta names reactions; Instagram knows love alone."""
    if not outbound.reply_to:
        raise SendError(True, "no_target", NO_TARGET)
    emoji = (outbound.reaction or "").removesuffix("\ufe0f")
    payload = {"message_id": outbound.reply_to}
    if emoji:
        payload["reaction"] = "love" if outbound.channel == "instagram" else REACTIONS.get(emoji, "other")
    action = {"sender_action": "react" if emoji else "unreact", "payload": payload}
    return Part(body=recipient(outbound.to) | action)
