"""The token goes over the wire and nowhere else: no log, no error, no diagnosis, nothing that is stored."""

import logging
import traceback
from pathlib import Path

import msgspec
import pytest

from drivers.contract import Attachment, NeedsHuman, NotReady, SendError
from tests.drivers.conftest import Living
from tests.drivers.peers.telegram import TOKEN, FakeTelegram, refusal
from tests.drivers.peers.wire import FAULTS
from tests.drivers.telegram import updates
from tests.drivers.telegram.conftest import Make, hello
from tests.drivers.telegram.updates import PHOTO

HALF = TOKEN.partition(":")[2]


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "centralita"):
        caplog.set_level(logging.DEBUG, logger=name)


async def test_it_works(
    peer: FakeTelegram, make: Make, living: Living, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    peer.files["l"] = b"x"
    bot = make()
    async with living(bot) as sink:
        peer.put(updates.update(1, photo=PHOTO), updates.member("kicked", 2))
        await sink.until(inbounds=2)
        receipt = await bot.send(hello())
        fetched = await bot.fetch(sink.inbounds[0].attachments[0], tmp_path / "l.jpg")
    told = msgspec.json.encode(
        [sink.inbounds, sink.said, receipt, fetched, await bot.probe(), await bot.describe()]
    ).decode()
    assert all(asked.path.startswith((f"/bot{TOKEN}/", f"/file/bot{TOKEN}/")) for asked in peer.wire.asked)
    assert "HTTP Request" in caplog.text, "httpx logs nothing: is this test still looking at the right thing?"
    assert HALF not in caplog.text
    assert HALF not in told
    assert HALF not in repr(vars(bot.bot.web.__class__))


@pytest.mark.parametrize("fault", [*FAULTS, "refused", "unauthorized", "gone"])
async def test_no_failure_tells_it(
    peer: FakeTelegram, make: Make, caplog: pytest.LogCaptureFixture, fault: str, tmp_path: Path
) -> None:
    bot = make(answer_s=0.05, **({"base_url": "http://127.0.0.1:1"} if fault == "gone" else {}))
    if fault == "unauthorized":
        peer.refuse["getMe"] = peer.refuse["sendMessage"] = refusal(401, "Unauthorized")
    elif fault == "refused":
        peer.refuse["sendMessage"] = refusal(400, "Bad Request: no")
    elif fault != "gone":
        peer.wire.fault, peer.wire.always = fault, True  # type: ignore[assignment]
    told = str(await bot.probe())
    for doing in (bot.send(hello()), bot.fetch(Attachment(ref="x"), tmp_path / "x")):
        try:
            told += str(await doing)
        except (NotReady, NeedsHuman, SendError) as error:
            told += "".join(traceback.format_exception(error)) + repr(error)
    assert HALF not in told
    assert HALF not in caplog.text
