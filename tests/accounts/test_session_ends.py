"""A session ends; before it does, one press keeps it open."""

import json
from datetime import timedelta

import msgspec
import pytest

from app.accounts.models import Session
from app.accounts.sessions import MOST, extend_session
from app.frame.actor import SYSTEM
from app.frame.db import now_utc
from app.frame.refused import Conflict, NotFound


async def leave(office, *, left: timedelta, old: timedelta = timedelta(hours=1)) -> int:
    """Every session ends that soon and is that old; the id of one."""
    async with office.database.unit(actor=SYSTEM) as db:
        rows = list(await db.scalars(Session.__table__.select().with_only_columns(Session.id)))
        for row in rows:
            session = await db.get_one(Session, row)
            session.expires_at, session.created_at = now_utc() + left, now_utc() - old
    office.state["accounts.actors"].forget()
    return rows[0]


def left_of(answer) -> int:
    return int(json.loads(answer.headers["hx-trigger"])["session:ends"]["left"])


async def test_it_works(office, world):
    ana = await world.client_as("ana")
    await leave(office, left=timedelta(seconds=89))
    assert 'data-session-left="8' in (await ana.get("/ajustes")).text
    answer = await ana.post("/sesion")
    assert answer.status_code == 200
    assert 86_300 < left_of(answer) <= 86_400
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("centralita="))
    assert f"centralita={ana.cookies['centralita']};" in cookie
    assert f"max-age={left_of(answer)}" in cookie.lower()
    assert 'data-session-left="86' in (await ana.get("/ajustes")).text
    assert "alargó su sesión" in (await (await world.client_as("irene")).get("/auditoria")).text


async def test_a_session_does_not_last_for_ever(office, world):
    ana = await world.client_as("ana")
    life = timedelta(hours=24)
    one = await leave(office, left=timedelta(hours=1), old=(MOST - 1) * life + timedelta(hours=12))
    assert left_of(await ana.post("/sesion")) in range(43_100, 43_201)
    async with office.database.unit(actor=SYSTEM) as db:
        with pytest.raises(Conflict):
            await extend_session(db, one, 24)
    assert (await ana.post("/sesion")).status_code == 409


async def test_what_has_ended_is_not_brought_back(office, world):
    ana = await world.client_as("ana")
    await leave(office, left=timedelta(seconds=-1))
    asked = {"HX-Request": "true", "HX-Request-Type": "partial"}
    assert (await ana.post("/sesion", headers=asked)).status_code == 401
    async with office.database.unit(actor=SYSTEM) as db:
        with pytest.raises(NotFound):
            await extend_session(db, 999_999, 24)


async def test_only_pages_have_a_session_to_keep(app, world):
    api = await world.api_as("ana")
    assert (await api.post("/sesion")).status_code in (401, 403)


async def test_who_must_do_something_first_may_still_stay(office, world):
    ana = await world.client_as("ana")
    office.profile = msgspec.structs.replace(office.profile, require_2fa=True)
    await leave(office, left=timedelta(seconds=90))
    assert (await ana.post("/sesion")).status_code == 200
