"""Updates in the shape of the Bot API, with made-up people."""

from typing import Any

ANA = {
    "id": 5001, "is_bot": False, "first_name": "Ana", "last_name": "Mora", "username": "ana_mora", "language_code": "es"
}  # fmt: skip
PRIVATE = {"id": 5001, "first_name": "Ana", "last_name": "Mora", "username": "ana_mora", "type": "private"}
GROUP = {"id": -7001, "title": "Vecinos", "type": "group"}
FORUM = {"id": -1007001, "title": "Foro", "type": "supergroup", "is_forum": True}
AT = 1_790_000_000


def message(number: int = 7, chat: dict[str, Any] = PRIVATE, **more: Any) -> dict[str, Any]:
    return {"message_id": number, "from": ANA, "chat": chat, "date": AT, **more}


def update(number: int = 1, kind: str = "message", **more: Any) -> dict[str, Any]:
    return {"update_id": number, kind: message(**more)}


def file(ref: str, **more: Any) -> dict[str, Any]:
    return {"file_id": ref, "file_unique_id": f"u{ref}", "file_size": 1234, **more}


PHOTO = [file("s", width=90, height=60), file("l", width=1280, height=853), file("m", width=320, height=213)]


def callback(number: int = 1, data: str = "si", **more: Any) -> dict[str, Any]:
    keyboard = {"inline_keyboard": [[{"text": "Sí, gracias", "callback_data": "si"}]]}
    asked = message(9, text="¿Confirma?", reply_markup=keyboard, **more)
    return {"update_id": number, "callback_query": {"id": "cb1", "from": ANA, "message": asked, "data": data}}


def reaction(number: int = 1, emoji: str = "👍", chat: dict[str, Any] = PRIVATE) -> dict[str, Any]:
    new = [{"type": "emoji", "emoji": emoji}] if emoji else []
    body = {"chat": chat, "message_id": 7, "user": ANA, "date": AT, "old_reaction": [], "new_reaction": new}
    return {"update_id": number, "message_reaction": body}


def member(status: str, number: int = 1, chat: dict[str, Any] = PRIVATE) -> dict[str, Any]:
    bot = {"id": 424242, "is_bot": True, "first_name": "Oficina"}
    body = {
        "chat": chat, "from": ANA, "date": AT, "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": {"user": bot, "status": status},
    }  # fmt: skip
    return {"update_id": number, "my_chat_member": body}
