"""What is in a message of Messenger or Instagram: text, files, places, links, answers to stories."""

import mimetypes
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from drivers.contract import N_, Attachment, Location
from drivers.meta.reading import Fields, fields, flag, items, number, text

Read = dict[str, Any]
STRANGE = N_("Llegó algo de un tipo que esta conexión no conoce. Ábralo en la bandeja de Meta.")
UNSUPPORTED = N_("Meta no entrega este tipo de mensaje por esta vía. Ábralo en la bandeja de Meta.")
STORY_REPLY = N_("Responde a una historia suya.")
STORY_MENTION = N_("Le mencionó en una historia.")
MEDIA_TYPES = {"image": "image/jpeg", "video": "video/mp4", "audio": "audio/mp4", "file": "application/octet-stream"}
SHARED = ("share", "post", "ig_post", "reel", "ig_reel", "story", "ig_story")


def content(message: Fields) -> Read:
    """The fields of an Inbound that a message fills."""
    found: Read = {"text": text(message, "text")}
    for attachment in items(message, "attachments"):
        _join(found, _attachment(attachment))
    if flag(message, "is_unsupported"):
        _join(found, {"note": UNSUPPORTED})
    _join(found, _answered(fields(message, "reply_to")))
    _join(found, _came_by(fields(message, "referral")))
    return found


def _join(found: Read, more: Read) -> None:
    """Texts under each other, files after each other, other things by their name."""
    for name, value in more.items():
        if name == "text":
            found["text"] = "\n".join(filter(None, (found["text"], value)))
        elif name == "attachments":
            found["attachments"] = (*found.get("attachments", ()), *value)
        else:
            found.setdefault(name, value)


def _attachment(said: Fields) -> Read:
    kind, payload = text(said, "type"), fields(said, "payload")
    if kind in MEDIA_TYPES:
        return _file(kind, payload)
    return OTHERS.get(kind, _strange)(said, payload)


def _file(kind: str, payload: Fields) -> Read:
    """By its address at Meta's, which `fetch` follows; without one there is nothing to fetch."""
    url = text(payload, "url")
    if not url:
        return {"note": UNSUPPORTED}
    name = file_name(url) if kind == "file" else ""
    media_type = mimetypes.guess_type(file_name(url))[0] or MEDIA_TYPES[kind]
    return {"attachments": (Attachment(media_type=media_type, name=name, ref=url),)}


def file_name(url: str) -> str:
    try:
        return unquote(urlsplit(url).path).rpartition("/")[2]
    except ValueError:
        return ""


def _location(said: Fields, payload: Fields) -> Read:
    latitude, longitude = number(payload, "coordinates", "lat"), number(payload, "coordinates", "long")
    if latitude is None or longitude is None:
        return {"text": text(said, "url"), "note": STRANGE}
    return {"location": Location(latitude=latitude, longitude=longitude, name=text(said, "title"))}


def _link(said: Fields, payload: Fields) -> Read:
    """A shared page or post: its title and address."""
    link = text(said, "url") or text(payload, "url")
    return {"text": "\n".join(filter(None, (text(said, "title") or text(payload, "title"), link)))}


def _strange(said: Fields, payload: Fields) -> Read:
    return _link(said, payload) | {"note": STRANGE}


def _template(said: Fields, payload: Fields) -> Read:
    """What we or another app sent with buttons, seen in an echo."""
    cards = [text(each, "title") for each in items(payload, "elements")]
    cards += [text(each, "title") for each in items(payload, "generic", "elements")]
    return {"text": "\n".join(filter(None, (text(payload, "text"), text(said, "title"), *cards)))}


def _mention(_said: Fields, payload: Fields) -> Read:
    return _file("image", payload) | {"subject": STORY_MENTION}


def _answered(said: Fields) -> Read:
    """An answer to a message, or to a story, whose picture comes as a file."""
    found: Read = {"reply_to": text(said, "mid")} if text(said, "mid") else {}
    story = fields(said, "story")
    if story:
        found |= {"subject": STORY_REPLY, "references": tuple(filter(None, (text(story, "id"),)))}
        found |= _file("image", story) if text(story, "url") else {}
    return found


def _came_by(said: Fields) -> Read:
    """An advertisement or link that brought the person: its `ref`."""
    found = {"payload": text(said, "ref") or text(said, "ad_id"), "subject": text(said, "ads_context_data", "ad_title")}
    return {name: value for name, value in found.items() if value}


OTHERS: dict[str, Callable[[Fields, Fields], Read]] = {
    "location": _location, "fallback": _link, "template": _template, "story_mention": _mention,
    **dict.fromkeys(SHARED, _link),
}  # fmt: skip
