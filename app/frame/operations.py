"""The operations of the OpenAPI document, as a page lists them."""

import json
from typing import Any

import msgspec

Json = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
SAMPLES = {"integer": 1, "number": 1.5, "boolean": True, "array": [], "object": {}}
SHOWN = 3


class Field(msgspec.Struct):
    """A parameter or a field of a body."""

    name: str
    where: str
    type: str
    required: bool
    description: str


class Operation(msgspec.Struct, kw_only=True):
    """One method of one path. `answers` are (status, what it means)."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    free: bool
    fields: list[Field]
    answers: list[tuple[str, str]]
    example: str


def by_tag(document: Json) -> dict[str, list[Operation]]:
    """All operations under their first tag, in the document's order."""
    found: dict[str, list[Operation]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if said := item.get(method):
                found.setdefault((said.get("tags") or ["api"])[0], []).append(_operation(document, path, method, said))
    return dict(sorted(found.items()))


def _operation(document: Json, path: str, method: str, said: Json) -> Operation:
    kind, body = _body(document, said)
    free = said.get("security") == [{}]
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said.get("summary", ""),
        description=said.get("description", ""),
        free=free,
        fields=[*map(_parameter, said.get("parameters", [])), *body],
        answers=[(status, answer.get("description", "")) for status, answer in said["responses"].items()],
        example=_example(document, path, method, free, kind, body),
    )


def _parameter(said: Json) -> Field:
    schema = said.get("schema", {})
    return Field(said["name"], said["in"], type_of(schema), said.get("required", False), said.get("description", ""))


def _body(document: Json, said: Json) -> tuple[str, list[Field]]:
    """The media type and the fields of the body; nothing when there is none."""
    for kind, content in said.get("requestBody", {}).get("content", {}).items():
        schema = _followed(document, content.get("schema", {}))
        must = schema.get("required", [])
        rows = schema.get("properties", {}).items()
        return kind, [Field(n, "body", type_of(s), n in must, s.get("description", "")) for n, s in rows]
    return "", []


def _followed(document: Json, schema: Json) -> Json:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Json = document["components"]["schemas"][name] if name else schema
    return found


def type_of(schema: Json) -> str:
    """A schema in a word or two: `string`, `integer | null`, `array of AddressNew`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        return " | ".join(dict.fromkeys(map(type_of, choices)))
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    kind = schema.get("type", "any")
    if kind == "array":
        return f"array of {type_of(schema.get('items', {}))}"
    return " | ".join(kind) if isinstance(kind, list) else str(schema.get("format", kind))


def _example(document: Json, path: str, method: str, free: bool, kind: str, body: list[Field]) -> str:
    """The call as a line for a terminal."""
    words = ["curl"] + ([] if method == "get" else ["-X", method.upper()])
    words += [] if free else ["-H 'X-API-Key: …'"]
    if kind.startswith("multipart/"):
        words += ["-F file=@contactos.xlsx"]
    elif kind:
        some = [f for f in body if f.required] or body[:SHOWN]
        said = json.dumps({f.name: SAMPLES.get(f.type.split(" ")[0], "…") for f in some}, ensure_ascii=False)
        words += ["-H 'Content-Type: application/json'", f"-d '{said}'"]
    return " ".join([*words, f"'{document['servers'][0]['url']}{path}'"])
