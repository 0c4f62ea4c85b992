"""An update of the Bot API (core.telegram.org/bots/api#update) becomes what arrived and what is owed. Never raises."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from drivers.contract import INBOUND_KINDS, N_, Inbound, Party
from drivers.loose import as_object, flag, part, parts, text, unix, whole
from drivers.telegram import ids
from drivers.telegram.content import read

CHANNEL = "telegram"
WANTED = ("message", "edited_message", "channel_post", "callback_query", "message_reaction", "my_chat_member")
BLOCKED = N_("La persona bloqueó el bot: ya no se le puede escribir por aquí.")
UNBLOCKED = N_("La persona volvió a permitir que el bot le escriba.")
ADDED = N_("Agregaron el bot a un grupo o canal.")
REMOVED = N_("Sacaron el bot de un grupo o canal.")
GONE = ("kicked", "left")
Given = Mapping[str, Any]


class Read(Struct, frozen=True, kw_only=True):
    """What came, which pressed button waits for an answer, and which group was not asked for."""

    inbounds: tuple[Inbound, ...] = ()
    callback: str = ""
    group: int | None = None


NOTHING = Read()


def update(given: Any, take_groups: bool = False) -> Read:
    """`given` is the decoded update, whatever it is."""
    body = as_object(given)
    read_as = {
        "message": _message, "edited_message": _edit, "channel_post": _message, "callback_query": _callback,
        "message_reaction": _reaction, "my_chat_member": _membership,
    }  # fmt: skip
    for name in WANTED:
        if name in body:
            return read_as[name](part(body, name), body, take_groups)
    return NOTHING


def _unwanted(message: Given, take_groups: bool) -> int | None:
    """The chat, when it is a group or channel that the office does not take."""
    chat = part(message, "chat")
    return None if take_groups or text(chat, "type") == "private" else whole(chat, "id")


def person(given: Given) -> Party | None:
    number = whole(given, "id")
    if number is None:
        return None
    name = " ".join(filter(None, (text(given, "first_name"), text(given, "last_name")))) or text(given, "title")
    known = text(given, "username")
    return Party(address=str(number), name=name, also=(f"@{known}",) if known else ())


def _sender(message: Given) -> Party | None:
    return person(part(message, "sender_chat")) or person(part(message, "from")) or person(part(message, "chat"))


def _message(message: Given, body: Given, take_groups: bool) -> Read:
    return _written(message, body, take_groups, "message", ids.of_message(message), "date")


def _edit(message: Given, body: Given, take_groups: bool) -> Read:
    """Each edit is news of its own about the same message."""
    number = whole(body, "update_id")
    external_id = f"{ids.of_message(message)}:edit:{number}" if number is not None else ""
    return _written(message, body, take_groups, "edit", external_id, "edit_date")


def _written(
    message: Given, body: Given, take_groups: bool, kind: INBOUND_KINDS, external_id: str, dated: str
) -> Read:
    group, about = _unwanted(message, take_groups), ids.of_message(message)
    if group is not None or not (about and external_id):
        return Read(group=group)
    found = read(message)
    album = text(message, "media_group_id")
    chat = ids.conversation(message)
    return Read(inbounds=(Inbound(
        external_id=external_id, channel=CHANNEL, kind="event" if found.event else kind, sender=_sender(message),
        conversation=chat, sent_at=unix(message, dated), text=found.text, attachments=found.attachments,
        location=found.location, cards=found.cards, about=about if kind == "edit" else "", reply_to=_reply_to(message),
        references=(f"{chat}:album:{album}",) if album else (), payload=found.payload,
        automatic=flag(part(message, "from"), "is_bot"), note=found.note, raw=body,
    ),))  # fmt: skip


def _reply_to(message: Given) -> str:
    """In a topic every message answers the one that opened it: that is no answer."""
    answered = part(message, "reply_to_message")
    opens = flag(message, "is_topic_message") and "forum_topic_created" in answered
    return "" if opens else message_of(answered, message)


def message_of(answered: Given, message: Given) -> str:
    chat = whole(part(answered, "chat"), "id") or whole(part(message, "chat"), "id")
    return ids.message_id(chat, whole(answered, "message_id"))


def _callback(callback: Given, body: Given, take_groups: bool) -> Read:
    pressed, message = text(callback, "id"), part(callback, "message")
    sender, data = person(part(callback, "from")), text(callback, "data")
    if not pressed or sender is None:
        return NOTHING
    if _unwanted(message, take_groups) is not None:
        return Read(callback=pressed)
    return Read(callback=pressed, inbounds=(Inbound(
        external_id=f"callback:{pressed}", channel=CHANNEL, kind="choice", sender=sender, payload=data,
        conversation=ids.conversation(message) or sender.address, text=_title(message, data),
        about=ids.of_message(message), raw=body,
    ),))  # fmt: skip


def _title(message: Given, data: str) -> str:
    """The words on the pressed button."""
    rows = part(message, "reply_markup").get("inline_keyboard")
    for row in rows if isinstance(rows, list) else ():
        for button in parts({"row": row}, "row"):
            if text(button, "callback_data") == data:
                return text(button, "text")
    return ""


def _reaction(given: Given, body: Given, take_groups: bool) -> Read:
    """No emoji left: it was taken back."""
    about, number = ids.of_message(given), whole(body, "update_id")
    sender = person(part(given, "user")) or person(part(given, "actor_chat"))
    if _unwanted(given, take_groups) is not None or not about or number is None or sender is None:
        return NOTHING
    return Read(inbounds=(Inbound(
        external_id=f"{about}:reaction:{number}", channel=CHANNEL, kind="reaction", sender=sender, about=about,
        conversation=ids.conversation(given), sent_at=unix(given, "date"),
        text="".join(_emoji(each) for each in parts(given, "new_reaction")), raw=body,
    ),))  # fmt: skip


def _emoji(reaction: Given) -> str:
    """A reaction that is a picture of its own, or paid, shows as a star."""
    return text(reaction, "emoji") or "⭐"


def _membership(given: Given, body: Given, take_groups: bool) -> Read:
    """Somebody blocked the bot or put it into a group."""
    number, chat, group = whole(body, "update_id"), part(given, "chat"), _unwanted(given, take_groups)
    gone = text(part(given, "new_chat_member"), "status") in GONE
    private = text(chat, "type") == "private"
    if number is None or (where := whole(chat, "id")) is None:
        return NOTHING
    note = (BLOCKED if gone else UNBLOCKED) if private else (REMOVED if gone else ADDED)
    return Read(group=None if gone else group, inbounds=(Inbound(
        external_id=f"{where}:member:{number}", channel=CHANNEL, kind="event", sender=person(part(given, "from")),
        conversation=ids.conversation(given), sent_at=unix(given, "date"), note=note,
        payload="blocked" if private and gone else "unblocked" if private else "", raw=body,
    ),))  # fmt: skip
