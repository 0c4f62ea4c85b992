"""What the framework writes into the OpenAPI document, corrected to what the office really answers."""

from typing import Any

from app.frame.api import WHY

Json = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
OURS = "/_openapi"
ALWAYS = (401, 403, 429)
WITH_BODY = (400, 413)
BINARY = {"type": "string", "format": "binary"}
FILES = {"application/json": {"type": "array", "items": {"type": "object"}}}
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def tidy(document: Json, files: dict[str, tuple[str, ...]]) -> Json:
    """Without the framework's own paths; every error of every operation is problem details; plain schemas.

    `files` are the media types of the operations that answer with a file, by operation id.
    """
    document["paths"] = {path: item for path, item in document["paths"].items() if not path.startswith(OURS)}
    for item in document["paths"].values():
        for method in METHODS:
            if method in item:
                _answers(item[method], files.get(item[method]["operationId"], ()))
    found: Json = plain(document)
    return found


def _answers(operation: Json, kinds: tuple[str, ...]) -> None:
    """The framework documents a 400 of its own shape; ours has the problem's."""
    answers = operation["responses"]
    statuses = {int(s) for s in answers if int(s) >= 400} | set(ALWAYS)
    statuses |= set(WITH_BODY) if "requestBody" in operation else set()
    if "requestBody" in operation or operation.get("parameters"):
        statuses.add(422)  # a value that no database keeps: a number too large, a character that is none
    else:
        statuses.discard(400)
    good = {status: _file(answer, kinds) for status, answer in answers.items() if int(status) < 400}
    bad = {str(s): {"description": WHY[s], "content": PROBLEM} for s in sorted(statuses)}
    operation["responses"] = good | bad


def _file(answer: Json, kinds: tuple[str, ...]) -> Json:
    """The framework documents a file without its media types, and says that Last-Modified is an ISO date, which HTTP
    forbids."""
    if "" not in answer.get("content", {}):
        return answer
    kept = {name: part for name, part in answer.items() if name != "headers"}
    return kept | {"content": {kind.partition(";")[0]: {"schema": FILES.get(kind, BINARY)} for kind in kinds}}


def plain(node: Any) -> Any:
    """A choice among one is no choice; whole bounds are whole numbers."""
    if isinstance(node, list):
        return [plain(part) for part in node]
    if not isinstance(node, dict):
        return int(node) if isinstance(node, float) and node.is_integer() else node
    mended = {name: plain(part) for name, part in node.items()}
    choices = mended.get("oneOf")
    if isinstance(choices, list) and len(choices) == 1:
        del mended["oneOf"]
        return choices[0] | mended
    return mended
