"""Open sessions say on which device, from where and since when."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.devices import device_name
from app.accounts.jobs import write_uses
from app.accounts.models import Session
from app.frame.db import now_utc
from tests.world import PASSWORD

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1"
NAMES = [
    (WINDOWS, "Chrome · Windows"),
    (WINDOWS + " Edg/131.0", "Edge · Windows"),
    (IPHONE, "Safari · iPhone"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
    ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36", "Chrome · Android"),
    ("curl/8.5.0", "curl"),
    ("Navegador raro\x00\x07", "Navegador raro"),
    ("", "—"),
]


@pytest.mark.parametrize(("agent", "name"), NAMES, ids=[name for _agent, name in NAMES])
def test_it_works(agent, name):
    assert device_name(agent) == name


async def test_each_session_keeps_its_device_and_the_list_shows_it(app, office, world):
    from tests.beds.offices import Client

    for agent in (WINDOWS, IPHONE):
        async with Client(app, headers={"User-Agent": agent}) as client:
            await client.get("/entrar")
            await client.post("/entrar", data={"name": "ana", "password": PASSWORD})
            page = (await client.get("/ajustes")).text
    for said in ("Chrome · Windows", "Safari · iPhone", "127.0.0.1"):
        assert said in page
    async with office.database.unit(write=False) as db:
        ends = list(await db.scalars(select(Session.expires_at)))
    assert all(abs(end - now_utc() - timedelta(hours=24)) < timedelta(minutes=1) for end in ends)


async def test_the_last_use_of_a_key_is_on_the_screen(world, office):
    ana = await world.client_as("ana")
    key = await world.api_key_for("ana")
    assert "Sin usar" in (await ana.get("/ajustes")).text
    assert (await ana.get("/api/v1/me", headers={"X-API-Key": key})).status_code == 200
    await write_uses(office)
    page = (await ana.get("/ajustes")).text
    assert "Sin usar" not in page
    assert "desde 127.0.0.1" in page
