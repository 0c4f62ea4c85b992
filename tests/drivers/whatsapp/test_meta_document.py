"""Meta's own OpenAPI document as a second judge of what we send, where it is on this machine.

It is not ours to keep here: business-messaging-api_v23.0.yaml of github.com/facebook/openapi (MIT). `scripts/peers`
brings it; CENTRALITA_TEST_META_OPENAPI names another copy.
"""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from drivers.contract import Attachment, Card, Choice, Location, Template
from drivers.whatsapp.outgoing import envelope, parts
from tests.drivers.whatsapp.lines import to_rosa

BROUGHT = Path(__file__).parents[3] / ".peers" / "business-messaging-api_v23.0.yaml"
DOCUMENT = Path(os.environ.get("CENTRALITA_TEST_META_OPENAPI", "") or BROUGHT)
PHOTO = Attachment(media_type="image/jpeg", ref="https://files.example/foto.jpg", name="foto.jpg")
YES_NO = (Choice(payload="y", title="Sí"), Choice(payload="n", title="No"))
MANY = tuple(Choice(payload=str(n), title=f"Opción {n}", description="Con detalle") for n in range(8))
SENT = {
    "text": to_rosa("Hola", reply_to="wamid.1"),
    "link": to_rosa("Vea https://tienda.example"),
    "image": to_rosa("Vea", attachments=(PHOTO,)),
    "video": to_rosa(attachments=(Attachment(media_type="video/mp4", ref="1003383421"),)),
    "audio": to_rosa(attachments=(Attachment(media_type="audio/ogg", ref="1003383421"),)),
    "document": to_rosa(attachments=(Attachment(media_type="application/pdf", ref="1003383421", name="a.pdf"),)),
    "sticker": to_rosa(attachments=(Attachment(media_type="image/webp", ref="1003383421"),)),
    "buttons": to_rosa("¿Confirma?", choices=YES_NO),
    "list": to_rosa("¿Cuál?", choices=MANY),
    "location": to_rosa(location=Location(latitude=9.9, longitude=-84.1, name="Local")),
    "contacts": to_rosa(cards=(Card(name="Taller", phones=("+50680000004",), emails=("t@taller.example",)),)),
    "reaction": to_rosa(reaction="👍", reply_to="wamid.1"),
    "template": to_rosa(template=Template(name="recordatorio", language="es_MX", body=("Rosa", "10:00"))),
}
OURS = ("biz_opaque_callback_data",)  # documented elsewhere: what comes back in every status

pytestmark = pytest.mark.skipif(
    not DOCUMENT.is_file(),
    reason="Meta's OpenAPI document is not here: scripts/peers brings it, CENTRALITA_TEST_META_OPENAPI=FILE names one",
)


@cache
def document() -> dict[str, Any]:
    return yaml.load(DOCUMENT.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def plain(schema: Any) -> Any:
    """A schema of the document as JSON Schema: references written out, `allOf` as one object."""
    if isinstance(schema, list):
        return [plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return plain(_at(schema["$ref"]))
    if "allOf" in schema:
        return _one([plain(each) for each in schema["allOf"]])
    return {name: plain(value) for name, value in schema.items() if name not in ("example", "discriminator", "format")}


def _at(reference: str) -> Any:
    found: Any = document()
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return found


def _one(pieces: list[dict[str, Any]]) -> dict[str, Any]:
    """The document says `additionalProperties: false` of one piece and means the whole."""
    whole: dict[str, Any] = {"type": "object", "properties": {}, "required": []}
    for piece in pieces:
        whole["properties"] |= piece.get("properties", {})
        whole["required"] += piece.get("required", [])
        whole |= {k: v for k, v in piece.items() if k not in ("properties", "required")}
    return whole


@cache
def judge_of(kind: str) -> Callable[[Any], None]:
    mapping = document()["components"]["schemas"]["Message"]["discriminator"]["mapping"]
    return jsonschema.Draft202012Validator(plain({"$ref": mapping[kind]})).validate


def bodies(name: str) -> list[dict[str, Any]]:
    return [envelope(SENT[name], part) for part in parts(SENT[name])]


@pytest.mark.parametrize("name", SENT)
def test_it_works(name: str) -> None:
    for body in bodies(name):
        judge_of(body["type"])({key: value for key, value in body.items() if key not in OURS})


@pytest.mark.parametrize("change", [{"recipient_type": "nobody"}, {"text": {"bodi": "x"}}, {"extra": 1}])
def test_the_document_can_say_no(change: dict[str, Any]) -> None:
    (body,) = bodies("text")
    with pytest.raises(jsonschema.ValidationError):
        judge_of("text")(body | change)
