"""Webhooks of Messenger and Instagram in their real shape, with made-up people."""

from typing import Any

from tests.drivers.peers.send_api import INSTAGRAM, PAGE, ROSA

MID, EARLIER = "m_AG5Hz2Uq7tuwNEhXfYYKj8mJEM", "m_earlier"
CDN = "https://scontent.xx.fbcdn.net/v/t1/foto.png?oh=1"


def event(content: dict[str, Any], sender: str = ROSA, recipient: str = PAGE, **more: Any) -> dict[str, Any]:
    return {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": 1_749_416_383_123, **content, **more}


def page(*events: dict[str, Any], owner: str = PAGE, where: str = "messaging") -> dict[str, Any]:
    return {"object": "page", "entry": [{"id": owner, "time": 1_749_416_383_200, where: list(events)}]}


def instagram(*events: dict[str, Any], owner: str = INSTAGRAM) -> dict[str, Any]:
    return {"object": "instagram", "entry": [{"id": owner, "time": 1_749_416_383, "messaging": list(events)}]}


def message(text: str = "", **more: Any) -> dict[str, Any]:
    return event({"message": {"mid": MID, **({"text": text} if text else {}), **more}})


def file(kind: str, url: str = CDN, **more: Any) -> dict[str, Any]:
    return {"type": kind, "payload": {"url": url, **more}}


def dm(text: str = "", **more: Any) -> dict[str, Any]:
    """A direct message on Instagram."""
    return event({"message": {"mid": MID, **({"text": text} if text else {}), **more}}, recipient=INSTAGRAM)


def echo(text: str, **more: Any) -> dict[str, Any]:
    about = {"mid": MID, "text": text, "is_echo": True, "app_id": 1517776481860111, **more}
    return event({"message": about}, sender=PAGE, recipient=ROSA)


EVERYTHING: list[dict[str, Any]] = [
    message("Hola, ¿tienen clavos? 😀"),
    message(attachments=[file("image"), file("file", "https://cdn.fbsbx.com/v/t59/cotizaci%C3%B3n.pdf?x=1")]),
    message(attachments=[{"type": "location", "title": "Mercado",
                          "payload": {"coordinates": {"lat": 9.9281, "long": -84.0907}}}]),
    message("Vea", attachments=[{"type": "fallback", "title": "Clavos", "url": "https://t.example/clavos"}]),
    message("Sí", quick_reply={"payload": "YES"}),
    message("Ese", reply_to={"mid": EARLIER}),
    message("Info", referral={"ref": "promo-7", "source": "ADS", "ads_context_data": {"ad_title": "Cemento"}}),
    message(is_unsupported=True),
    message(attachments=[{"type": "hologram", "payload": {"url": "https://x.example/h"}}]),
    event({"postback": {"mid": "m_pb", "title": "Empezar", "payload": "GET_STARTED"}}),
    event({"reaction": {"mid": EARLIER, "action": "react", "emoji": "❤", "reaction": "love"}}),
    event({"reaction": {"mid": EARLIER, "action": "unreact"}}),
    event({"message_edit": {"mid": EARLIER, "text": "Quise decir 12", "num_edit": 1}}),
    event({"delivery": {"mids": ["m_1", "m_2"], "watermark": 1_749_416_300_000}}),
    event({"read": {"watermark": 1_749_416_300_000}}),
    event({"referral": {"ref": "m.me-link", "source": "SHORTLINK", "type": "OPEN_THREAD"}}),
    event({"pass_thread_control": {"new_owner_app_id": "1", "metadata": ""}}),
    event({"teleport": {"to": "Mars"}}),
    echo("De la bandeja"),
]  # fmt: skip
