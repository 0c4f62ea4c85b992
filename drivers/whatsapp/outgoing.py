"""From an Outbound to the bodies that Meta wants, as its OpenAPI document (facebook/openapi, v23.0) describes them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from drivers.contract import N_, Attachment, Card, Location, Outbound, SendError
from drivers.whatsapp import limits, people
from drivers.whatsapp.interactive import choices_content
from drivers.whatsapp.templates import template_content

CAPTIONED = ("image", "video", "document")
LINK = re.compile(r"https?://\S", re.IGNORECASE)
KEY_MAX = 512
BAD_RECIPIENT = N_("El destinatario no es un número con código de país (como +506 8000 0000) ni un id de WhatsApp.")
EMPTY = N_("El mensaje está vacío. Escriba algo o adjunte un archivo.")
NO_TARGET = N_("Falta el mensaje al que se reacciona.")
BAD_PLACE = N_("La ubicación no existe: revise latitud y longitud.")
Content = dict[str, Any]


class Part(Struct, kw_only=True):
    """One message to send. When `file` must be uploaded first, its id goes into `slot`, a place within `content`."""

    kind: str
    content: Any
    file: Attachment | None = None
    slot: Content = field(default_factory=dict)


def parts(outbound: Outbound) -> list[Part]:
    """Raises SendError for what WhatsApp would not take."""
    if outbound.template is not None:
        content, file, slot = template_content(outbound.template, outbound.options)
        return [_with_file("template", content, file, slot)]
    if outbound.reaction is not None:
        return [_reaction(outbound.reply_to, outbound.reaction)]
    found = [*_words_and_files(outbound), *_extras(outbound)]
    if not found:
        raise SendError(True, "empty", EMPTY)
    return found


def envelope(outbound: Outbound, part: Part) -> Content:
    """The whole body. Our key comes back in every status of this message."""
    body = recipient(outbound.to) | {"type": part.kind, part.kind: part.content}
    if outbound.reply_to and part.kind != "reaction":
        body["context"] = {"message_id": outbound.reply_to}
    if outbound.key and part.kind != "reaction":
        body["biz_opaque_callback_data"] = outbound.key[:KEY_MAX]
    return body


def recipient(to: str) -> Content:
    """A number goes into `to`, with its plus; a business-scoped user id into `recipient`; a group into `to` too.

    Raises SendError.
    """
    said = to.strip()
    base: Content = {"messaging_product": "whatsapp", "recipient_type": "individual"}
    if people.is_user_id(said):
        return base | {"recipient": said}
    if people.GROUP_ID.fullmatch(said):
        return base | {"recipient_type": "group", "to": said}
    number = "+" + said.removeprefix("+").translate(str.maketrans("", "", " -().\u00a0"))
    if not people.E164.fullmatch(number):
        raise SendError(True, "bad_recipient", BAD_RECIPIENT)
    return base | {"to": number}


def _words_and_files(outbound: Outbound) -> Iterator[Part]:
    """The text rides as caption of the first file where it can; else it goes before."""
    text, files = outbound.text.strip(), outbound.attachments
    fits = len(text) <= (limits.LIMITS["caption"].chars or 0)
    spoken = bool(text) and not outbound.choices  # else the text belongs to the question
    rides = spoken and bool(files) and limits.kind_of(files[0]) in CAPTIONED and fits
    if spoken and not rides:
        yield _text(text, outbound.options)
    for at, file in enumerate(files):
        yield _file(file, text if rides and at == 0 else file.caption)


def _extras(outbound: Outbound) -> Iterator[Part]:
    if outbound.location is not None:
        yield Part(kind="location", content=_location(outbound.location))
    if outbound.cards:
        limits.cards_fit(len(outbound.cards))
        yield Part(kind="contacts", content=[_card(each) for each in outbound.cards])
    if outbound.choices:
        yield Part(kind="interactive", content=choices_content(outbound))


def _text(text: str, options: Mapping[str, str]) -> Part:
    limits.text_fits(text, limits.LIMITS["text"].chars or 0)
    preview = options.get("preview", "yes") != "no" and LINK.search(text) is not None
    return Part(kind="text", content={"body": text} | ({"preview_url": True} if preview else {}))


def _file(file: Attachment, caption: str) -> Part:
    limits.file_fits(file)
    limits.text_fits(caption, limits.LIMITS["caption"].chars or 0)
    kind = limits.kind_of(file)
    content: Content = {"caption": caption} if caption and kind in CAPTIONED else {}
    if kind == "document" and file.name:
        content["filename"] = file.name
    if kind == "audio" and file.voice:
        content["voice"] = True
    return _with_file(kind, content, file, content)


def _with_file(kind: str, content: Content, file: Attachment | None, slot: Content) -> Part:
    """By address or by an id of Meta's when `ref` is one; else to be uploaded."""
    if file is None or not file.ref:
        return Part(kind=kind, content=content, file=file, slot=slot)
    slot["link" if LINK.match(file.ref) else "id"] = file.ref
    return Part(kind=kind, content=content)


def _reaction(message_id: str, emoji: str) -> Part:
    if not message_id:
        raise SendError(True, "no_target", NO_TARGET)
    return Part(kind="reaction", content={"message_id": message_id, "emoji": emoji})


def _location(place: Location) -> Content:
    """Degrees go as text, as Meta's document asks."""
    if not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
        raise SendError(True, "bad_place", BAD_PLACE)
    said = {"latitude": f"{place.latitude:.7f}", "longitude": f"{place.longitude:.7f}"}
    return said | {k: v for k, v in (("name", place.name), ("address", place.address)) if v}


def _card(card: Card) -> Content:
    name = card.name.strip() or next(iter(card.phones + card.emails), "?")
    said: Content = {"name": {"formatted_name": name, "first_name": name}}
    if card.phones:
        said["phones"] = [{"phone": each} for each in card.phones]
    if card.emails:
        said["emails"] = [{"email": each} for each in card.emails]
    return said
