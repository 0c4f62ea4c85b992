"""A stranger's machine reads the OpenAPI document and tries everything that it allows, and much that it does not."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as effort
from schemathesis import checks as says
from schemathesis.specs.openapi import checks as conforms

from tests.beds.offices import ADDRESS, Client
from tests.world import make_world

TRIES = 15
CHECKS = [
    says.not_a_server_error,
    conforms.status_code_conformance,
    conforms.content_type_conformance,
    conforms.response_headers_conformance,
    conforms.response_schema_conformance,
]
EFFORT = effort(
    max_examples=TRIES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
Send = Callable[[requests.PreparedRequest], httpx.Response]


@pytest.fixture
def settings(settings: Any) -> Any:
    """A key may ask as often as the machine likes."""
    return msgspec.structs.replace(settings, rate_api_per_min=1_000_000)


def sender(client: Client, loop: asyncio.AbstractEventLoop) -> Send:
    """From the machine's thread to the office, which lives in the loop."""

    def send(prepared: requests.PreparedRequest) -> httpx.Response:
        body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
        headers = {k: v for k, v in prepared.headers.items() if k.lower() != "content-length"}
        request = client.request(prepared.method, prepared.url, headers=headers, content=body or b"")
        return asyncio.run_coroutine_threadsafe(request, loop).result(30)

    return send


def complaints(operation: Any, send: Send) -> list[str]:
    """What went wrong for one operation, each kind once."""
    found: dict[str, str] = {}

    @EFFORT
    @given(case=operation.as_strategy())
    def attempt(case: Any) -> None:
        answer = send(requests.Request(**case.as_transport_kwargs(base_url=ADDRESS)).prepare())
        try:
            case.validate_response(answer, checks=CHECKS)
        except* Exception as group:
            for failure in group.exceptions:
                text = (
                    f"{operation.label}: {failure}\n{case.as_curl_command()}\n{answer.status_code} {answer.text[:300]}"
                )
                found.setdefault(type(failure).__name__, text)

    attempt()
    return list(found.values())


@pytest.mark.sqlite_only
@pytest.mark.slow
async def test_it_works(app, office):
    world = await make_world(office, app)
    async with await world.api_as("irene") as client:
        document = (await client.get("/api/v1/openapi.json")).json()
        schema = schemathesis.openapi.from_dict(document)
        send = sender(client, asyncio.get_running_loop())
        operations = [found.ok() for found in schema.get_all_operations()]
        assert len(operations) >= 10
        found = [s for operation in operations for s in await asyncio.to_thread(complaints, operation, send)]
    assert found == [], "\n\n".join(found)
