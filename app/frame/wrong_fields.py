"""Every wrong field of a JSON body at once: msgspec stops at the first, and a program would mend them one by one."""

import re
from typing import Any

import msgspec

from app.frame.forms import explain

AT = " - at `$"
NAMED = re.compile(r"field `([^`]+)`")


def wrong_fields(kind: Any, raw: bytes) -> list[dict[str, str]]:
    """[{"field", "detail"}] of a body that should have been one `kind`; empty when it is no object at all."""
    try:
        given = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return []
    if not isinstance(given, dict) or not isinstance(kind, type) or not issubclass(kind, msgspec.Struct):
        return []
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    found = [_problem(name, str(wrong)) for name, field in fields.items() if (wrong := _wrong(field, given))]
    unknown = [name for name in given if name not in fields] if kind.__struct_config__.forbid_unknown_fields else []
    return found + [_problem(name[:80], "unknown field") for name in unknown]


def _wrong(field: Any, given: dict[str, Any]) -> msgspec.ValidationError | None:
    if field.encode_name not in given:
        return msgspec.ValidationError("missing") if field.required else None
    try:
        msgspec.convert(given[field.encode_name], field.type)
    except msgspec.ValidationError as error:
        return error
    return None


def _problem(name: str, message: str) -> dict[str, str]:
    """`addresses` and « - at `$[0].value` » make `addresses[0].value`; so do « field `value` » and « - at `$[0]` »."""
    said, _at, place = message.partition(AT)
    inner = NAMED.search(said)
    return {"field": name + place.rstrip("`") + (f".{inner[1]}" if inner else ""), "detail": explain(said)}
