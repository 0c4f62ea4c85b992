"""Webhooks of the Cloud API in their real shape, with made-up people."""

from typing import Any

from tests.drivers.peers.cloud_api import ACCOUNT, NUMBER

ROSA, ROSA_ID = "50680000001", "CR.1349120865530"
WAMID = "wamid.HBgLNTA2ODAwMDAwMDEVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA="
ORIGINAL = "wamid.HBgLNTA2ODAwMDAwMDEVAgARGBI0RTJEOTc2ODVERUY5RDlGNkYA"
CONTEXT = {"from": "50640000000", "id": ORIGINAL}
CARD = {"profile": {"name": "Rosa Montiel Ñ"}, "wa_id": ROSA, "user_id": ROSA_ID}
HIDDEN = {"profile": {"name": "Lupe", "username": "lupe.arce"}, "user_id": "MX.77"}


def change(value: dict[str, Any], field: str = "messages", number: str = NUMBER) -> dict[str, Any]:
    metadata = {"display_phone_number": "50640000000", "phone_number_id": number}
    return {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}


def body(*changes: dict[str, Any], account: str = ACCOUNT) -> dict[str, Any]:
    return {"object": "whatsapp_business_account", "entry": [{"id": account, "changes": list(changes)}]}


def said(kind: str, content: Any = None, **more: Any) -> dict[str, Any]:
    """One message of Rosa's."""
    about = {} if content is None else {kind: content}
    who = {"from": ROSA, "from_user_id": ROSA_ID}
    return {**who, "id": WAMID, "timestamp": "1749416383", "type": kind, **about, **more}


def messages(*found: dict[str, Any], contacts: tuple[dict[str, Any], ...] = (CARD,)) -> dict[str, Any]:
    return body(change({"contacts": list(contacts), "messages": list(found)}))


def echo(kind: str, content: Any) -> dict[str, Any]:
    found = {"from": "50640000000", "to": ROSA, "to_user_id": ROSA_ID, "id": WAMID, "timestamp": "1749416390"}
    return body(change({"message_echoes": [found | {"type": kind, kind: content}]}, "smb_message_echoes"))


def status(state: str = "delivered", **more: Any) -> dict[str, Any]:
    return {"id": WAMID, "status": state, "timestamp": "1749416400", "recipient_id": ROSA,
            "recipient_user_id": ROSA_ID, **more}  # fmt: skip


def statuses(*found: dict[str, Any]) -> dict[str, Any]:
    return body(change({"statuses": list(found)}))


TEXT = messages(said("text", {"body": "¿Tienen cemento? 😀"}))
IMAGE = {"caption": "Así quedó", "mime_type": "image/jpeg", "sha256": "SfInY0g=", "id": "1003383421387256"}
KINDS: dict[str, dict[str, Any]] = {
    "text": said("text", {"body": "¿Tienen cemento? 😀"}),
    "image": said("image", IMAGE),
    "voice": said("audio", {"mime_type": "audio/ogg; codecs=opus", "id": "A1", "voice": True}),
    "video": said("video", {"mime_type": "video/mp4", "id": "V1"}),
    "document": said("document", {"mime_type": "application/pdf", "id": "D1", "filename": "cotización.pdf"}),
    "sticker": said("sticker", {"mime_type": "image/webp", "id": "S1", "animated": False}),
    "location": said("location", {"latitude": 9.9281, "longitude": -84.0907, "name": "Mercado", "address": "Av 1"}),
    "contacts": said("contacts", [
        {"name": {"formatted_name": "Taller El Volante", "first_name": "Taller"},
         "phones": [{"phone": "+506 8000 0004", "wa_id": "50680000004"}], "emails": [{"email": "taller@example.com"}]},
        {"vcard": "BEGIN:VCARD", "phones": [{"phone": "+506 8000 0005"}]},
    ]),
    "reaction": said("reaction", {"message_id": ORIGINAL, "emoji": "👍"}),
    "button": said("button", {"payload": "STOP", "text": "No más"}, context=CONTEXT),
    "button_reply": said(
        "interactive", {"type": "button_reply", "button_reply": {"id": "yes", "title": "Sí"}}, context=CONTEXT
    ),
    "list_reply": said("interactive", {
        "type": "list_reply", "list_reply": {"id": "express", "title": "Exprés", "description": "Mañana"},
    }, context=CONTEXT),
    "flow": said("interactive", {
        "type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": '{"size":"M"}'},
    }, context=CONTEXT),
    "order": said("order", {"catalog_id": "19483", "text": "", "product_items": [
        {"product_retailer_id": "CLAVO-2", "quantity": 2, "item_price": 30, "currency": "CRC"},
        {"product_retailer_id": "MARTILLO", "quantity": 1, "item_price": 2500.5, "currency": "CRC"},
    ]}),
    "edit": said("edit", {
        "original_message_id": ORIGINAL, "message": {"type": "text", "text": {"body": "Quise decir 12"}},
    }),
    "edit_caption": said("edit", {
        "original_message_id": ORIGINAL, "message": {"type": "image", "image": {"caption": "Nuevo pie"}},
    }),
    "revoke": said("revoke", {"original_message_id": ORIGINAL}),
    "unsupported": said("unsupported", errors=[{"code": 131051, "title": "Message type unknown"}]),
    "unknown": said("hologram", {"body": "algo nuevo"}),
    "welcome": said("request_welcome"),
    "ad": said("text", {"body": "Info"}, referral={
        "source_type": "ad", "source_id": "120226", "headline": "Cemento barato", "source_url": "https://fb.example/x",
    }),
    "system": said("system", {
        "body": "User Rosa changed from 50680000001 to 50680000009", "wa_id": "50680000009",
        "type": "user_changed_number",
    }),
}  # fmt: skip
