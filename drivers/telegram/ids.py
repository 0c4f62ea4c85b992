"""Names of things: message ids of Telegram are unique per chat only, so ours carry the chat."""

from collections.abc import Mapping
from typing import Any

from drivers.loose import part, whole


def message_id(chat: int | None, number: int | None) -> str:
    """`chat:message`, "" when a half is missing."""
    return "" if chat is None or number is None else f"{chat}:{number}"


def of_message(message: Mapping[str, Any]) -> str:
    return message_id(whole(part(message, "chat"), "id"), whole(message, "message_id"))


def number_in(external_id: str) -> int | None:
    """The message number of `chat:message`."""
    number = external_id.rpartition(":")[2]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None


def conversation(message: Mapping[str, Any]) -> str:
    """`chat`, or `chat/topic`."""
    chat = whole(part(message, "chat"), "id")
    topic = whole(message, "message_thread_id") if message.get("is_topic_message") is True else None
    return "" if chat is None else str(chat) if topic is None else f"{chat}/{topic}"


def address(to: str) -> tuple[str, int | None]:
    """Chat (a number, or @name of a public one) and topic. Raises ValueError for what is neither."""
    chat, _, topic = to.partition("/")
    name = chat.removeprefix("@") if chat.startswith("@") else ""
    if not (name.isidentifier() and name.isascii()) and not _is_whole(chat):
        raise ValueError(to)
    if topic and not (topic.isascii() and topic.isdigit()):
        raise ValueError(to)
    return chat, int(topic) if topic else None


def _is_whole(chat: str) -> bool:
    digits = chat.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) < 19
