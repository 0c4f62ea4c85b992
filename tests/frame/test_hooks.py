"""A provider knocks: what is stored, what is answered."""

import time

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.frame import hooks, intake
from app.frame.intake import Intake
from app.frame.lines import Line
from app.main import create_app
from drivers.contract import HookReply
from drivers.sim.driver import DRIVER, SimDriver
from drivers.sim.hook import sign
from drivers.sim.settings import SimSettings

BODY = (
    b'{"messages": [{"id": "m1", "sender": "+50680000001", "text": "\xc3\x91and\xc3\xba"}],'
    b' "statuses": [{"id": "o", "state": "read"}]}'
)


@pytest.fixture
def app(settings):
    """The frame alone: no module tidies the lines that a test put there."""
    return create_app(settings, builtin=())


class Buggy(SimDriver):
    broken = True

    def hook(self, request):
        if self.broken:
            raise KeyError("entry")
        return super().hook(request)


def line(driver: type[SimDriver] = DRIVER) -> Line:
    return Line(device_id=7, name="Prueba", kind="sim", hook="abc", driver=driver(SimSettings(key="clave")))


def signed(body: bytes = BODY) -> dict[str, str]:
    stamp = str(int(time.time()))
    return {"x-timestamp": stamp, "x-signature": sign("clave", stamp, body), "content-type": "application/json"}


async def rows(office) -> list[tuple[str, str, str]]:
    async with office.database.unit(write=False) as db:
        return [(r.kind, r.external_id[:5], r.state) for r in await db.scalars(select(Intake).order_by(Intake.id))]


async def test_it_works(office, client):
    office.lines.put(line())
    answer = await client.post("/hooks/abc", content=BODY, headers=signed())
    assert (answer.status_code, answer.text) == (200, "")
    assert [r[0] for r in await rows(office)] == ["inbound", "status"]
    assert (await client.post("/hooks/abc/any/path", content=BODY, headers=signed())).status_code == 200
    assert len(await rows(office)) == 2


async def test_the_handshake_answers_the_challenge(office, client):
    office.lines.put(line())
    answer = await client.get("/hooks/abc?token=clave&challenge=12345")
    assert (answer.status_code, answer.text) == (200, "12345")
    assert answer.headers["content-type"].startswith("text/plain")


async def test_a_bad_signature_is_refused_and_nothing_is_stored(office, client):
    office.lines.put(line())
    answer = await client.post("/hooks/abc", content=BODY + b" ", headers=signed())
    assert answer.status_code == 403
    assert await rows(office) == []


async def test_an_unknown_device_is_not_found_and_a_switched_off_one_comes_again(office, client):
    assert (await client.post("/hooks/abc", content=BODY)).status_code == 404
    office.lines.put(line())
    office.lines.remove(7)
    answer = await client.post("/hooks/abc", content=BODY, headers=signed())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    office.lines.put(line())
    assert (await client.post("/hooks/abc", content=BODY, headers=signed())).status_code == 200


async def test_a_bug_in_the_driver_loses_nothing(office, client):
    office.lines.put(line(Buggy))
    assert (await client.post("/hooks/abc", content=BODY, headers=signed())).status_code == 200
    assert [(k, s) for k, _id, s in await rows(office)] == [("hook", "broken")]
    Buggy.broken = False
    try:
        async with office.database.unit() as db:
            await intake.again(db, 7)
        assert await hooks.reread(office, 7) == 1
    finally:
        Buggy.broken = True
    assert [(k, s) for k, _id, s in await rows(office)] == [("hook", "done"), ("inbound", "new"), ("status", "new")]


async def test_a_bug_does_not_let_strangers_fill_the_disk(office, client, monkeypatch):
    monkeypatch.setattr(hooks, "BROKEN_MAX", 3)
    office.lines.put(line(Buggy))
    codes = [(await client.post("/hooks/abc", content=b"%d" % n)).status_code for n in range(5)]
    assert codes == [200, 200, 200, 503, 503]
    assert len(await rows(office)) == 3


@pytest.mark.parametrize("driver", [SimDriver, Buggy])
async def test_what_cannot_be_stored_is_not_acknowledged(office, client, monkeypatch, driver):
    async def full(*_args, **_more):
        raise OperationalError("insert", {}, OSError("disk full"))

    office.lines.put(line(driver))
    monkeypatch.setattr(intake, "keep", full)
    answer = await client.post("/hooks/abc", content=BODY, headers=signed())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


async def test_a_body_without_end_is_refused(office, client, monkeypatch):
    office.lines.put(line())
    answer = await client.post("/hooks/abc", content=b"x" * (hooks.BODY_MAX + 1), headers=signed())
    assert answer.status_code == 413
    assert await rows(office) == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_verbs_are_refused(office, client, method):
    office.lines.put(line())
    assert (await client.request(method, "/hooks/abc")).status_code in (403, 405)


async def test_the_driver_sees_the_request_as_it_came(office, client):
    seen = []

    class Looking(SimDriver):
        def hook(self, request):
            seen.append(request)
            return HookReply(status=401, body="no")

    office.lines.put(line(Looking))
    answer = await client.post("/hooks/abc/x?a=1&a=%C3%B1", content=b"\xff\x00", headers={"X-Thing": "Y"})
    assert (answer.status_code, answer.text) == (401, "no")
    request = seen[0]
    assert (request.method, request.body, request.query) == ("POST", b"\xff\x00", (("a", "1"), ("a", "ñ")))
    assert (request.headers["x-thing"], request.path) == ("Y", "/hooks/abc/x")
    assert request.url == "http://office.test/hooks/abc/x?a=1&a=%C3%B1"
