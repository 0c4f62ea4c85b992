"""The token of the forms: everybody's own, and only this office's."""

import pytest
from litestar.middleware.csrf import generate_csrf_token

from app.frame.csrf import COOKIE
from tests.beds.offices import Client
from tests.security.test_head import spoken

pytestmark = pytest.mark.sqlite_only
TYPED = {"email": "nadie@example.com", "password": "una clave cualquiera"}


def given(messages):
    """The cookies of an answer."""
    return [value.decode() for name, value in messages[0]["headers"] if name == b"set-cookie"]


async def test_it_works(app, world):
    client = Client(app)
    assert (await client.get("/entrar")).cookies[COOKIE]
    assert (await client.post("/entrar", data=TYPED)).status_code == 422
    assert COOKIE not in (await client.get("/entrar")).cookies


async def test_no_stream_hands_out_the_token_of_another(app, world):
    cookie = (await world.client_as("ana")).cookies["centralita"]
    first, second = [given(await spoken(app, "/live", [(b"cookie", f"centralita={cookie}".encode())])) for _ in "12"]
    assert len(first) == len(second) == 1
    assert first != second


@pytest.mark.parametrize("left", [generate_csrf_token("the secret of the demo on this machine"), "", "ñ", "x" * 200])
async def test_a_token_of_another_office_at_this_address_is_replaced(app, world, left):
    client = Client(app, headers={"cookie": f"{COOKIE}={left}".encode()})
    fresh = (await client.get("/entrar")).cookies[COOKIE]
    client.headers["cookie"] = f"{COOKIE}={fresh}"
    answer = await client.post("/entrar", data=TYPED, headers={"x-csrftoken": fresh})
    assert answer.status_code == 422


async def test_a_token_of_another_office_opens_no_form(app, world):
    left = generate_csrf_token("the secret of the demo on this machine")
    client = Client(app, headers={"cookie": f"{COOKIE}={left}", "x-csrftoken": left})
    assert (await client.post("/entrar", data=TYPED)).status_code == 403
