"""What a message says, in words and parts. A kind that we do not know keeps its raw object and says so."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from msgspec import Struct

from drivers.contract import N_, Attachment, Card, Location
from drivers.loose import part, parts, real, text, whole
from drivers.telegram.files import attachments

Message = Mapping[str, Any]
UNKNOWN = N_("Llegó algo que aquí no se puede mostrar. Véalo en la aplicación de Telegram.")
EVENTS = {  # service messages, and what they mean for the office
    "migrate_to_chat_id": N_("El grupo cambió de número: ahora es un supergrupo."),
    "migrate_from_chat_id": N_("Este supergrupo era antes un grupo con otro número."),
    "new_chat_members": N_("Entró alguien al grupo."),
    "left_chat_member": N_("Alguien salió del grupo."),
    "group_chat_created": N_("Se creó el grupo."),
    "supergroup_chat_created": N_("Se creó el supergrupo."),
    "channel_chat_created": N_("Se creó el canal."),
    "new_chat_title": N_("El grupo cambió de nombre."),
    "new_chat_photo": N_("El grupo cambió de foto."),
    "delete_chat_photo": N_("El grupo quitó su foto."),
    "pinned_message": N_("Se fijó un mensaje."),
    "message_auto_delete_timer_changed": N_("Cambió el tiempo en que se borran los mensajes."),
    "forum_topic_created": N_("Se creó un tema."),
    "forum_topic_edited": N_("Se cambió un tema."),
    "forum_topic_closed": N_("Se cerró un tema."),
    "forum_topic_reopened": N_("Se reabrió un tema."),
    "general_forum_topic_hidden": N_("Se ocultó el tema general."),
    "general_forum_topic_unhidden": N_("Se volvió a mostrar el tema general."),
    "write_access_allowed": N_("La persona permitió que el bot le escriba."),
    "video_chat_started": N_("Empezó una videollamada de grupo."),
    "video_chat_ended": N_("Terminó la videollamada de grupo."),
    "successful_payment": N_("Se recibió un pago."),
    "chat_background_set": N_("Cambió el fondo de la conversación."),
}


class Content(Struct, frozen=True, kw_only=True):
    """What goes from a message into an Inbound."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    cards: tuple[Card, ...] = ()
    payload: str = ""
    note: str = ""
    event: bool = False


def read(message: Message) -> Content:
    for name, sentence in EVENTS.items():
        if name in message:
            return Content(note=sentence, event=True, payload=_carried(message, name))
    said, files, cards = words(message), attachments(message), _cards(message)
    place = _place(message)
    nothing = not (said or files or cards or place)
    return Content(
        text=said, attachments=files, location=place, cards=cards, payload=_payload(message, said),
        note=UNKNOWN if nothing else "",
    )  # fmt: skip


def words(message: Message) -> str:
    """Text or caption, else the words of a kind that has some."""
    for name, marks in (("text", "entities"), ("caption", "caption_entities")):
        if said := text(message, name):
            return with_links(said, parts(message, marks))
    return next((said for said in (_dice(message), _poll(message), *_named(message)) if said), "")


def with_links(said: str, marks: tuple[Message, ...]) -> str:
    """An address hidden under words is shown after them. Telegram counts in UTF-16 units."""
    units = said.encode("utf-16-le", "replace")
    for mark in sorted(marks, key=lambda each: -(whole(each, "offset") or 0)):
        url, end = text(mark, "url"), 2 * ((whole(mark, "offset") or 0) + (whole(mark, "length") or 0))
        if url and 0 <= end <= len(units):
            units = units[:end] + f" ({url})".encode("utf-16-le", "replace") + units[end:]
    return units.decode("utf-16-le", "replace")


def _dice(message: Message) -> str:
    dice = part(message, "dice")
    value = whole(dice, "value")
    return f"{text(dice, 'emoji')} {value}".strip() if value is not None else ""


def _poll(message: Message) -> str:
    poll = part(message, "poll")
    lines = chain([text(poll, "question")], (f"- {text(each, 'text')}" for each in parts(poll, "options")))
    return "\n".join(line for line in lines if line not in ("", "- "))


def _named(message: Message) -> tuple[str, ...]:
    sticker, game, web = part(message, "sticker"), part(message, "game"), part(message, "web_app_data")
    invoice, checklist = part(message, "invoice"), part(message, "checklist")
    tasks = [text(checklist, "title"), *(f"- {text(each, 'text')}" for each in parts(checklist, "tasks"))]
    return (
        text(sticker, "emoji"), text(game, "title"), text(web, "button_text"),
        " ".join(filter(None, (text(invoice, "title"), text(invoice, "description")))),
        "\n".join(tasks) if checklist else "",
    )  # fmt: skip


def _cards(message: Message) -> tuple[Card, ...]:
    contact = part(message, "contact")
    name = " ".join(filter(None, (text(contact, "first_name"), text(contact, "last_name"))))
    phone = text(contact, "phone_number")
    return (Card(name=name or phone, phones=(phone,) if phone else ()),) if name or phone else ()


def _place(message: Message) -> Location | None:
    venue = part(message, "venue")
    where = part(venue, "location") or part(message, "location")
    latitude, longitude = real(where, "latitude"), real(where, "longitude")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Location(
        latitude=latitude, longitude=longitude, name=text(venue, "title"), address=text(venue, "address")
    )


def _payload(message: Message, said: str) -> str:
    """What a link `t.me/bot?start=X` or a web app carries."""
    if said.startswith("/start "):
        return said.removeprefix("/start ").strip()
    return text(part(message, "web_app_data"), "data")


def _carried(message: Message, name: str) -> str:
    number = whole(message, name)
    return "" if number is None else str(number)
