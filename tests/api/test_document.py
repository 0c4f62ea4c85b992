"""The OpenAPI document: valid, strict enough for any importer, and true. And its page for people."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.frame.document import METHODS, plain
from app.frame.openapi import document_of
from app.frame.settings import Settings
from app.main import create_app
from tests.beds.offices import Client

Json = dict[str, Any]


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Json:
    settings = Settings(data=Path(tmp_path_factory.mktemp("data")), secret="a secret of the tests, long enough")
    return msgspec.json.decode(msgspec.json.encode(document_of(create_app(settings))))


def operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def names_in(node: Any) -> Iterator[str]:
    """The schemas that a node refers to."""
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"].rpartition("/")[2]
        for part in node.values():
            yield from names_in(part)
    elif isinstance(node, list):
        for part in node:
            yield from names_in(part)


def test_it_works(document):
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_operation_says_who_it_is_and_what_it_answers(document):
    for label, said in operations(document):
        assert said["operationId"], label
        assert said["summary"], label
        assert said["description"], label
        assert {"401", "403", "429"} <= set(said["responses"]), label
        assert any(status < "300" for status in said["responses"]), label


def test_operation_ids_are_names_and_no_two_are_the_same(document):
    ids = [said["operationId"] for _label, said in operations(document)]
    assert len(ids) == len(set(ids))
    assert [name for name in ids if not re.fullmatch(r"[a-z][A-Za-z]+", name)] == []


def test_no_range_codes_and_errors_are_problem_details(document):
    for label, said in operations(document):
        for status, answer in said["responses"].items():
            assert re.fullmatch(r"[1-5]\d\d", status), label
            if status >= "400":
                assert list(answer["content"]) == ["application/problem+json"], f"{label} {status}"


def test_a_file_is_said_by_each_of_its_media_types(document):
    answers = {label: said["responses"].get("200", {}) for label, said in operations(document)}
    kinds = {label: set(answer["content"]) for label, answer in answers.items() if "content" in answer}
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert kinds["GET /api/v1/exports"] == {sheet, "text/csv", "application/json", "text/vcard"}
    assert kinds["GET /export"] == {sheet}
    assert [label for label, found in kinds.items() if not found or any("*" in kind for kind in found)] == []


def test_parameters_are_at_operation_level_and_explained(document):
    for path, item in document["paths"].items():
        assert "parameters" not in item, path
    for label, said in operations(document):
        for parameter in said.get("parameters", []):
            assert parameter["in"] == "path" or parameter["description"], f"{label} {parameter['name']}"


def test_path_parameters_are_the_paths_own(document):
    for label, said in operations(document):
        declared = {p["name"] for p in said.get("parameters", []) if p["in"] == "path"}
        assert declared == set(re.findall(r"\{(\w+)\}", label)), label


def test_no_schema_holds_itself(document):
    needs = {name: set(names_in(schema)) for name, schema in document["components"]["schemas"].items()}
    for name in needs:
        reached, todo = set(), list(needs[name])
        while todo:
            other = todo.pop()
            todo += [] if other in reached else needs[other]
            reached.add(other)
        assert name not in reached, name


def test_keys_and_tokens_open_it(document):
    assert document["security"] == [{"key": []}, {"token": []}]
    schemes = document["components"]["securitySchemes"]
    assert (schemes["key"]["type"], schemes["key"]["name"], schemes["key"]["in"]) == ("apiKey", "X-API-Key", "header")
    assert (schemes["token"]["type"], schemes["token"]["scheme"]) == ("http", "bearer")


def test_a_choice_among_one_is_none():
    assert plain({"oneOf": [{"type": "string"}], "description": "x"}) == {"type": "string", "description": "x"}
    assert plain({"maximum": 200.0, "minimum": 0.5}) == {"maximum": 200, "minimum": 0.5}


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("language", "title"), [("es", "API de Centralita"), ("en", "Centralita API")])
async def test_the_page_shows_every_operation(app, office, language, title):
    async with Client(app, headers={"Accept-Language": language}) as client:
        answer = await client.get("/api/v1/docs")
        document = (await client.get("/api/v1/openapi.json")).json()
    assert answer.status_code == 200
    assert f"<h1>{title}</h1>" in answer.text
    for label, said in operations(document):
        assert f'id="{said["operationId"]}"' in answer.text, label
