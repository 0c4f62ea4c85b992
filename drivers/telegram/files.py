"""Files of a message. `ref` is Telegram's file_id: the address of a file holds the token, so it is never kept."""

from collections.abc import Mapping
from typing import Any

from drivers.contract import Attachment
from drivers.loose import part, parts, text, whole

KINDS = {  # field -> media type when none is said, and ending of the name
    "animation": ("video/mp4", "mp4"),
    "document": ("application/octet-stream", ""),
    "video": ("video/mp4", "mp4"),
    "video_note": ("video/mp4", "mp4"),
    "audio": ("audio/mpeg", "mp3"),
    "voice": ("audio/ogg", "ogg"),
    "sticker": ("image/webp", "webp"),
}


def attachments(message: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """An animation also comes as a document: it is one file."""
    found = [*_pictures(message), *_paid(message)]
    seen: set[str] = set()
    for name, (media_type, ending) in KINDS.items():
        given = part(message, name)
        if (ref := text(given, "file_id")) and ref not in seen:
            seen.add(ref)
            found.append(_file(given, name, media_type, ending, message))
    return tuple(found)


def _pictures(message: Mapping[str, Any]) -> list[Attachment]:
    """A photo comes in several sizes, of which the largest counts."""
    sizes = [each for each in parts(message, "photo") if text(each, "file_id")]
    if not sizes:
        return []
    best = max(sizes, key=lambda each: (whole(each, "width") or 0, whole(each, "file_size") or 0))
    return [_file(best, "photo", "image/jpeg", "jpg", message)]


def _paid(message: Mapping[str, Any]) -> list[Attachment]:
    return [found for each in parts(part(message, "paid_media"), "paid_media") for found in _pictures(each)]


def _file(given: Mapping[str, Any], kind: str, media_type: str, ending: str, message: Mapping[str, Any]) -> Attachment:
    media_type, ending = _sticker_type(given, media_type, ending) if kind == "sticker" else (media_type, ending)
    number = whole(message, "message_id")
    name = text(given, "file_name") or (f"{kind}-{number}.{ending}" if ending else "")
    return Attachment(
        media_type=text(given, "mime_type") or media_type, name=name, ref=text(given, "file_id"),
        size=whole(given, "file_size"), voice=kind == "voice",
    )  # fmt: skip


def _sticker_type(given: Mapping[str, Any], media_type: str, ending: str) -> tuple[str, str]:
    if given.get("is_video") is True:
        return "video/webm", "webm"
    if given.get("is_animated") is True:
        return "application/x-tgsticker", "tgs"
    return media_type, ending
