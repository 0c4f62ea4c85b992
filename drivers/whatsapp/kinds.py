"""What is in a message, kind by kind. Each reader answers the fields of an Inbound that its kind fills."""

from collections.abc import Callable
from typing import Any

from drivers.contract import N_, Attachment, Card, Location
from drivers.meta.reading import Fields, fields, first, flag, items, number, text, whole

Read = dict[str, Any]
STRANGE = N_("Llegó un mensaje de un tipo que esta conexión no conoce. Ábralo en el teléfono.")
UNSUPPORTED = N_("WhatsApp no entrega este tipo de mensaje por esta vía. Ábralo en el teléfono.")
NO_PLACE = N_("La ubicación llegó incompleta. Ábrala en el teléfono.")
MEDIA_TYPES = {
    "image": "image/jpeg", "video": "video/mp4", "audio": "audio/ogg", "sticker": "image/webp",
    "document": "application/octet-stream",
}  # fmt: skip


def content(message: Fields) -> Read:
    """Kind and content of one message; for what nobody knows a note in words."""
    kind = text(message, "type")
    reader = READERS.get(kind)
    if reader is not None:
        return reader(message)
    return {"note": STRANGE, "text": text(message, kind, "body") or text(message, kind, "text")}


def _text(message: Fields) -> Read:
    return {"text": text(message, "text", "body")}


def _media(message: Fields) -> Read:
    """A file by its id, which `fetch` brings. What was written under it is the text."""
    kind = text(message, "type")
    media = fields(message, kind)
    file = Attachment(
        media_type=text(media, "mime_type").partition(";")[0].strip() or MEDIA_TYPES[kind],
        name=text(media, "filename"), ref=text(media, "id"),
        size=whole(media, "file_size") or None, voice=flag(media, "voice"),
    )
    return {"attachments": (file,) if file.ref else (), "text": text(media, "caption")}


def _location(message: Fields) -> Read:
    said = fields(message, "location")
    latitude, longitude = number(said, "latitude"), number(said, "longitude")
    if latitude is None or longitude is None:
        return {"note": NO_PLACE, "text": text(said, "name")}
    place = Location(latitude=latitude, longitude=longitude, name=text(said, "name"), address=text(said, "address"))
    return {"location": place}


def _cards(message: Fields) -> Read:
    return {"cards": tuple(_card(each) for each in items(message, "contacts"))}


def _card(said: Fields) -> Card:
    phones = tuple(p for p in (text(each, "phone") or text(each, "wa_id") for each in items(said, "phones")) if p)
    emails = tuple(e for e in (text(each, "email") for each in items(said, "emails")) if e)
    written = " ".join(filter(None, (text(said, "name", "first_name"), text(said, "name", "last_name"))))
    name = text(said, "name", "formatted_name") or written or text(said, "org", "company")
    return Card(name=name or next(iter(phones + emails), ""), phones=phones, emails=emails)


def _reaction(message: Fields) -> Read:
    """No emoji: it was taken back."""
    said = fields(message, "reaction")
    return {"kind": "reaction", "about": text(said, "message_id"), "text": text(said, "emoji")}


def _button(message: Fields) -> Read:
    """The quick reply of a template."""
    said = fields(message, "button")
    return _chosen(message, text(said, "payload"), text(said, "text"))


def _interactive(message: Fields) -> Read:
    said = fields(message, "interactive")
    kind = text(said, "type")
    answer = fields(said, kind)
    if kind in ("button_reply", "list_reply"):
        return _chosen(message, text(answer, "id"), text(answer, "title"))
    if kind == "nfm_reply":  # a filled-in form
        return _chosen(message, text(answer, "response_json"), text(answer, "body") or text(answer, "name"))
    if kind == "call_permission_reply":
        return {"kind": "event", "payload": f"call_permission:{text(answer, 'response')}"}
    return {"note": STRANGE, "text": text(answer, "title") or text(answer, "body")}


def _chosen(message: Fields, payload: str, title: str) -> Read:
    return {"kind": "choice", "payload": payload, "text": title, "about": text(message, "context", "id")}


def _order(message: Fields) -> Read:
    """A basket, one line for each thing."""
    said = fields(message, "order")
    lines = [_line(each) for each in items(said, "product_items")]
    return {"text": "\n".join(filter(None, (text(said, "text"), *lines))), "payload": text(said, "catalog_id")}


def _line(item: Fields) -> str:
    price = " ".join(filter(None, (text(item, "item_price"), text(item, "currency"))))
    return f"{text(item, 'quantity') or '1'} × {text(item, 'product_retailer_id')} ({price})"


def _system(message: Fields) -> Read:
    """A changed number or id. Who it is now, people.py says."""
    said = fields(message, "system")
    return {"kind": "event", "automatic": True, "text": text(said, "body"), "payload": text(said, "type")}


def _edit(message: Fields) -> Read:
    said = fields(message, "edit")
    read = content(fields(said, "message"))
    read.pop("note", None)  # an edit of a picture brings its new caption and nothing else
    return read | {"kind": "edit", "about": text(said, "original_message_id")}


def _revoke(message: Fields) -> Read:
    return {"kind": "delete", "about": text(message, "revoke", "original_message_id")}


def _unsupported(message: Fields) -> Read:
    said = first(message, "errors")
    return {"note": UNSUPPORTED, "payload": text(said, "code")}


def _welcome(_message: Fields) -> Read:
    """The chat was opened for the first time; nothing is written yet."""
    return {"kind": "event", "payload": "request_welcome"}


READERS: dict[str, Callable[[Fields], Read]] = {
    "text": _text, "image": _media, "video": _media, "audio": _media, "document": _media, "sticker": _media,
    "location": _location, "contacts": _cards, "reaction": _reaction, "button": _button, "interactive": _interactive,
    "order": _order, "system": _system, "edit": _edit, "revoke": _revoke, "unsupported": _unsupported,
    "request_welcome": _welcome,
}  # fmt: skip
