"""An Outbound becomes calls of the Bot API. No I/O: files are named, not opened. What cannot go is a SendError."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from msgspec import Struct

from drivers.contract import N_, Attachment, Card, Limit, Outbound, SendError
from drivers.telegram import ids
from drivers.telegram.reading import CHANNEL

MB = 1024 * 1024
TEXT_MAX, CAPTION_MAX, ALBUM_MAX, CHOICES_MAX, DATA_MAX = 4096, 1024, 10, 100, 64
SIZES = {"photo": 10 * MB}
FILE_MAX = 50 * MB
PICTURES = ("image/jpeg", "image/png", "image/webp")
TRACKS = ("audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac")
LIMITS = {
    "text": Limit(chars=TEXT_MAX), "caption": Limit(chars=CAPTION_MAX),
    "image": Limit(bytes=SIZES["photo"], types=PICTURES), "video": Limit(bytes=FILE_MAX, types=("video/mp4",)),
    "audio": Limit(bytes=FILE_MAX, types=(*TRACKS, "audio/ogg")), "document": Limit(bytes=FILE_MAX),
    "choices": Limit(count=CHOICES_MAX),
}  # fmt: skip
METHODS = {
    "photo": "sendPhoto", "animation": "sendAnimation", "video": "sendVideo", "audio": "sendAudio",
    "voice": "sendVoice", "document": "sendDocument",
}  # fmt: skip
ALBUMS = {"photo": "seen", "video": "seen", "document": "document", "audio": "audio"}  # what may stand together
EMPTY = N_("El mensaje está vacío. Escriba algo o adjunte un archivo.")
NO_TEXT = N_("Las opciones necesitan un texto. Escriba la pregunta.")
WRONG_CHAT = N_("La dirección no es de una conversación de Telegram.")
WRONG_REPLY = N_("No se sabe a qué mensaje reaccionar.")
LONG = N_("El texto tiene %(chars)s letras y caben %(most)s. Acórtelo o envíelo en partes.")
LONG_CAPTION = N_("El texto que acompaña al archivo tiene %(chars)s letras y caben %(most)s. Envíelo aparte.")
MANY = N_("Son demasiadas opciones: caben %(most)s.")
LONG_CHOICE = N_("La opción «%(title)s» lleva un dato demasiado largo para Telegram.")
BIG = N_("El archivo %(name)s pesa más de los %(most)s MB que Telegram acepta.")
GONE = N_("El archivo %(name)s ya no está aquí. Adjúntelo de nuevo.")
FLAGS = {"silent": "disable_notification", "protect": "protect_content"}


class Call(Struct, frozen=True, kw_only=True):
    """One request. `files`: field of the form -> file to upload."""

    method: str
    fields: Mapping[str, Any]
    files: Mapping[str, Attachment] = {}


def calls(outbound: Outbound) -> list[Call]:
    """In the order in which they must go. Raises SendError when something of it cannot go at all."""
    common = _common(outbound)
    if outbound.reaction is not None:
        return [_reaction(outbound, common)]
    keyboard = _keyboard(outbound)
    made = [*_with_words(outbound, keyboard), *_place(outbound), *map(_card, outbound.cards)]
    if not made:
        raise SendError(True, "empty", EMPTY)
    if keyboard and not any("reply_markup" in call.fields for call in made):
        raise SendError(True, "no_text", NO_TEXT)
    return [Call(method=each.method, fields=common | dict(each.fields), files=each.files) for each in made]


def _common(outbound: Outbound) -> dict[str, Any]:
    """Where to, as answer to what, and how loud."""
    if outbound.channel != CHANNEL:
        raise SendError(True, "channel", N_("Esta conexión no lleva ese canal."))
    try:
        chat, topic = ids.address(outbound.to)
    except ValueError as error:
        raise SendError(True, "address", WRONG_CHAT) from error
    common: dict[str, Any] = {"chat_id": chat}
    if topic is not None:
        common["message_thread_id"] = topic
    if (number := ids.number_in(outbound.reply_to)) is not None:
        common["reply_parameters"] = {"message_id": number, "allow_sending_without_reply": True}
    return common | {field: True for option, field in FLAGS.items() if outbound.options.get(option) == "true"}


def _reaction(outbound: Outbound, common: Mapping[str, Any]) -> Call:
    number = ids.number_in(outbound.reply_to)
    if number is None:
        raise SendError(True, "reply_to", WRONG_REPLY)
    chosen = [{"type": "emoji", "emoji": outbound.reaction}] if outbound.reaction else []
    fields = {"chat_id": common["chat_id"], "message_id": number, "reaction": chosen}
    return Call(method="setMessageReaction", fields=fields)


def _keyboard(outbound: Outbound) -> dict[str, Any]:
    """One button a row, so that long titles stay whole."""
    if len(outbound.choices) > CHOICES_MAX:
        raise SendError(True, "too_many", MANY, most=CHOICES_MAX)
    for each in outbound.choices:
        if not 1 <= len(each.payload.encode()) <= DATA_MAX:
            raise SendError(True, "choice", LONG_CHOICE, title=each.title)
    rows = [[{"text": each.title, "callback_data": each.payload}] for each in outbound.choices]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _with_words(outbound: Outbound, keyboard: dict[str, Any]) -> list[Call]:
    """The text goes under the first file; buttons need one message of their own, which an album is not."""
    albums = list(_albums(outbound.attachments))
    if not albums:
        return [_text(outbound, keyboard)] if outbound.text else []
    if len(outbound.text) > CAPTION_MAX:
        raise SendError(True, "long_caption", LONG_CAPTION, chars=len(outbound.text), most=CAPTION_MAX)
    under = "" if keyboard and len(albums[0]) > 1 else outbound.text
    made = [_album(album, under if at == 0 else "", keyboard if at == 0 else {}) for at, album in enumerate(albums)]
    return [*made, _text(outbound, keyboard)] if outbound.text and not under else made


def _text(outbound: Outbound, keyboard: dict[str, Any]) -> Call:
    if len(outbound.text) > TEXT_MAX:
        raise SendError(True, "too_long", LONG, chars=len(outbound.text), most=TEXT_MAX)
    fields: dict[str, Any] = {"text": outbound.text, **keyboard}
    if outbound.options.get("preview") == "false":
        fields["link_preview_options"] = {"is_disabled": True}
    return Call(method="sendMessage", fields=fields)


def kind_of(file: Attachment) -> str:
    """A picture that is too big for a photo still goes as a document."""
    if file.media_type in PICTURES and (size_of(file) or 0) <= SIZES["photo"]:
        return "photo"
    if file.media_type == "image/gif":
        return "animation"
    if file.voice and file.media_type.startswith("audio/ogg"):
        return "voice"
    return "video" if file.media_type == "video/mp4" else "audio" if file.media_type in TRACKS else "document"


def size_of(file: Attachment) -> int | None:
    return file.size if file.content is None else len(file.content)


def _albums(files: tuple[Attachment, ...]) -> Iterator[list[Attachment]]:
    """Neighbours that may stand together, ten at most; an animation or a voice note stands alone."""
    for group, found in groupby(files, lambda file: ALBUMS.get(kind_of(file), "")):
        run = list(found)
        most = ALBUM_MAX if group else 1
        yield from (run[at : at + most] for at in range(0, len(run), most))


def _album(files: list[Attachment], caption: str, keyboard: dict[str, Any]) -> Call:
    for file in files:
        _check(file)
    if len(files) == 1:
        return _single(files[0], caption or files[0].caption, keyboard)
    media: list[dict[str, Any]] = []
    uploads = {}
    for at, file in enumerate(files):
        said = (caption if at == 0 else "") or file.caption
        media.append({"type": kind_of(file), "media": file.ref or f"attach://file{at}"} | _captioned(said))
        if not file.ref:
            uploads[f"file{at}"] = file
    return Call(method="sendMediaGroup", fields={"media": media}, files=uploads)


def _single(file: Attachment, caption: str, keyboard: dict[str, Any]) -> Call:
    kind, fields = kind_of(file), _captioned(caption) | keyboard
    if file.ref:
        return Call(method=METHODS[kind], fields={**fields, kind: file.ref})
    return Call(method=METHODS[kind], fields=fields, files={kind: file})


def _captioned(caption: str) -> dict[str, Any]:
    if len(caption) > CAPTION_MAX:
        raise SendError(True, "long_caption", LONG_CAPTION, chars=len(caption), most=CAPTION_MAX)
    return {"caption": caption} if caption else {}


def _check(file: Attachment) -> None:
    if (size_of(file) or 0) > FILE_MAX:
        raise SendError(True, "too_big", BIG, name=file.name, most=FILE_MAX // MB)
    if file.content is None and not file.ref and not file.path:
        raise SendError(True, "no_file", GONE, name=file.name)


def _place(outbound: Outbound) -> list[Call]:
    place = outbound.location
    if place is None:
        return []
    fields: dict[str, Any] = {"latitude": place.latitude, "longitude": place.longitude}
    if not place.name:
        return [Call(method="sendLocation", fields=fields)]
    return [Call(method="sendVenue", fields=fields | {"title": place.name, "address": place.address or place.name})]


def _card(card: Card) -> Call:
    """Telegram takes a contact with a phone only; another goes as words."""
    first, _, last = card.name.partition(" ")
    if not card.phones:
        return Call(method="sendMessage", fields={"text": "\n".join((card.name, *card.emails))[:TEXT_MAX]})
    fields = {"phone_number": card.phones[0], "first_name": first or card.phones[0]}
    return Call(method="sendContact", fields=fields | ({"last_name": last} if last else {}))
