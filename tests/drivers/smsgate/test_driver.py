"""A phone over a real socket: sending, its states, its inbox, its webhooks, and each thing that may be wrong."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from drivers.contract import NeedsHuman, NotReady, SendError, now
from drivers.hookserver import serve
from drivers.smsgate.driver import AWAY, NO_KEY, UNWELL, WRONG_CLOCK
from drivers.smsgate.settings import RefreshInbox, RemoveWebhooks, SetWebhooks
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.eventually import eventually
from tests.drivers.peers.smsgate import DEVICE, EVENTS, FakePhone, bad, envelope, knock, phone
from tests.drivers.peers.wire import Reply
from tests.drivers.smsgate.conftest import Make, hello, line
from tests.drivers.smsgate.test_events import RECEIVED, SENT

HOOK = "https://oficina.example/hooks/telefono-1"


async def test_it_works(peer: FakePhone, make: Make, living: Living) -> None:
    bot = make()
    async with living(bot) as sink:
        receipt = await bot.send(hello())
        peer.state("k1", "Sent")
        await sink.until(statuses=1)
        peer.state("k1", "Delivered")
        await sink.until(statuses=2)
        peer.gets("+50680000001", "¡Gracias!", now())
        await sink.until(inbounds=1)
    assert (receipt.external_id, receipt.state, receipt.parts) == ("k1", "accepted", 1)
    assert [(s.external_id, s.state, s.address) for s in sink.statuses] == [
        ("k1", "sent", "+50680000001"), ("k1", "delivered", "+50680000001")]  # fmt: skip
    assert sink.inbounds[0].text == "¡Gracias!"
    assert sink.said[0] == (DEVICE, "")


async def test_asking_twice_is_sending_once(peer: FakePhone, make: Make) -> None:
    peer.wire.fault = "read"
    with pytest.raises(NotReady):
        await make().send(hello())
    receipt = await make().send(hello())
    assert receipt.external_id == "k1"
    assert peer.left == ["k1"]


async def test_delivered_to_one_of_three(peer: FakePhone, make: Make, living: Living) -> None:
    bot = make()
    async with living(bot) as sink:
        await bot.send(hello(cc=("+50680000002", "+50680000003")))
        peer.state("k1", "Delivered", "+50680000002")
        peer.state("k1", "Failed", "+50680000003", "Send result: RESULT_ERROR_RADIO_OFF (x)")
        await sink.until(statuses=2)
    assert [(s.address, s.state, s.code) for s in sink.statuses] == [
        ("+50680000002", "delivered", ""), ("+50680000003", "failed", "radio_off")]  # fmt: skip


async def test_a_state_never_goes_backwards(peer: FakePhone, make: Make, living: Living) -> None:
    bot = make()
    async with living(bot) as sink:
        await bot.send(hello())
        peer.state("k1", "Sent")
        await sink.until(statuses=1)
        asked = len(peer.wire.asked)
        peer.state("k1", "Processed")
        await eventually(lambda: len(peer.wire.asked) > asked + 8)
        peer.state("k1", "Sent")
        await eventually(lambda: len(peer.wire.asked) > asked + 16)
    assert [s.state for s in sink.statuses] == ["sent"]


async def test_webhooks_come_over_a_socket_even_before_our_own_answer(peer: FakePhone, make: Make) -> None:
    bot, sink = make(), Collecting()
    async with serve(bot, sink, 0) as port, httpx.AsyncClient() as phone_side:
        for event, payload in (("sms:sent", SENT | {"sentAt": "2026-11-21T08:00:00Z"}), ("sms:received", RECEIVED)):
            request = knock(envelope(event, payload), now())
            url = f"http://127.0.0.1:{port}/hooks/x"
            said = await phone_side.post(url, content=request.body, headers=dict(request.headers))
            assert said.status_code == 200
        assert (await bot.send(hello())).external_id == sink.statuses[0].external_id == "k1"
    assert sink.inbounds[0].text == RECEIVED["message"]


async def test_after_a_start_of_the_app_its_inbox_is_read_again(peer: FakePhone, make: Make, living: Living) -> None:
    bot = make(check_s=30)
    async with living(bot) as sink:
        await eventually(lambda: len(peer.refreshed) == 1)
        peer.gets("Banco", "Su código", now() - timedelta(hours=3))
        peer.missed, peer.inbox = peer.inbox, []
        reply = bot.hook(knock(envelope("app:started", {"simCards": []}), now()))
        assert reply.inbounds[0].kind == "event"
        await sink.until(inbounds=1)
    assert [r["triggerWebhooks"] for r in peer.refreshed] == [True, True]
    assert (sink.inbounds[0].text, sink.inbounds[0].sender.address) == ("Su código", "Banco")  # type: ignore[union-attr]


async def test_a_long_inbox_is_read_to_its_end_and_each_message_once(
    peer: FakePhone, make: Make, living: Living
) -> None:
    for number in range(250):
        peer.gets("+50680000001", str(number), now() - timedelta(minutes=number), number)
    async with living(make()) as sink:
        await sink.until(inbounds=250)
        peer.gets("+50680000001", "nuevo", now(), 999)
        await sink.until(inbounds=251)
    assert len({i.external_id for i in sink.inbounds}) == len(sink.inbounds) == 251


async def test_what_was_not_stored_comes_again(peer: FakePhone, make: Make, living: Living) -> None:
    peer.gets("+50680000001", "no se pierda", now())
    bot, full = make(), Collecting()
    full.fails = True
    with pytest.raises(OSError, match="disk full"):
        await bot.run(full)
    async with living(bot) as sink:
        await sink.until(inbounds=1)


async def test_its_webhooks_are_put_replaced_and_removed(peer: FakePhone, make: Make) -> None:
    bot = make()
    assert await bot.do(SetWebhooks(url=HOOK)) == {"webhooks": 10}
    await bot.do(SetWebhooks(url=HOOK.replace("oficina", "nueva")))
    assert {w["event"] for w in peer.webhooks.values()} == EVENTS
    assert {w["url"] for w in peer.webhooks.values()} == {HOOK.replace("oficina", "nueva")}
    with pytest.raises(SendError, match="https"):
        await bot.do(SetWebhooks(url="http://oficina.example/hooks/x"))
    await bot.do(RemoveWebhooks(url=HOOK))
    assert peer.webhooks == {}
    assert await bot.do(RefreshInbox(hours=2)) == {"ok": True}


async def test_a_token_is_renewed_by_its_refresh_and_else_by_the_password(peer: FakePhone, make: Make) -> None:
    bot = make(auth="token")
    await bot.send(hello("k1"))
    peer.access.clear()  # it ran out, whatever our clock says
    await bot.send(hello("k2"))
    peer.access.clear()
    peer.refresh.clear()  # the app forgot it
    await bot.send(hello("k3"))
    assert peer.issued == ["made", "refreshed", "made"]
    assert peer.left == ["k1", "k2", "k3"]


async def test_many_at_once_renew_one_token(peer: FakePhone, make: Make) -> None:
    bot = make(auth="token")
    await asyncio.gather(*(bot.send(hello(f"a{n}")) for n in range(5)))
    peer.access.clear()
    await asyncio.gather(*(bot.send(hello(f"b{n}")) for n in range(5)))
    assert peer.issued == ["made", "refreshed"]
    assert len(peer.left) == 10


async def test_the_cloud_speaks_the_same_under_another_base(living: Living) -> None:
    async with phone(cloud=True) as peer:
        bot = line(peer, auth="token", device_id=DEVICE)
        async with living(bot) as sink:
            assert (await bot.send(hello())).state == "accepted"
            assert peer.messages["k1"]["asked"]["deviceId"] == DEVICE
        assert sink.said[0] == (DEVICE, "")
        peer.last_seen = datetime.now(UTC) - timedelta(hours=1)
        assert (await bot.probe()).sentence == AWAY
        with pytest.raises(NeedsHuman, match="ningún teléfono"):
            await line(peer, device_id="otro").run(Collecting())


async def test_an_older_app_has_no_inbox_and_works(living: Living) -> None:
    async with phone(old=True) as peer:
        bot = line(peer)
        async with living(bot):
            await bot.send(hello())
            await eventually(lambda: peer.exported)


@pytest.mark.parametrize(
    ("reply", "raised", "words"),
    [
        (bad(400, "Invalid phone number in 50680000001"), SendError, "número no es válido"),
        (bad(400, "algo con 50680000001"), SendError, "algo con …"),
        (bad(401, "Unauthorized"), NeedsHuman, "contraseña"),
        (bad(403, "Forbidden"), NeedsHuman, "permiso"),
        (Reply(404), NeedsHuman, "no contesta la aplicación"),
        (Reply(429, headers={"Retry-After": "7"}), NotReady, "429"),
        (bad(500, "x"), NotReady, "500"),
    ],
)
async def test_each_refusal_in_words(
    peer: FakePhone, make: Make, reply: Reply, raised: type[Exception], words: str
) -> None:
    peer.refuse["POST /messages"] = reply
    with pytest.raises(raised, match=words) as error:
        await make().send(hello())
    assert "50680000001" not in str(error.value)
    assert peer.left == []


async def test_what_is_not_well_is_in_the_note(peer: FakePhone, make: Make, living: Living) -> None:
    async with living(make(signing_key="")) as sink:
        assert sink.said[0][1] == NO_KEY
    peer.health = {"status": "fail", "checks": {}}
    async with living(make()) as sink:
        assert sink.said[0][1] == UNWELL
    peer.date = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    async with living(make()) as sink:
        assert sink.said[0][1] == WRONG_CLOCK


async def test_a_webhook_from_a_wrong_clock_is_refused_and_explained(peer: FakePhone, make: Make) -> None:
    bot = make()
    late = knock(envelope("sms:received", RECEIVED), now() - timedelta(hours=1))
    request = type(late)(method="POST", body=late.body, headers=late.headers)
    assert bot.hook(request).status == 403
    assert (await bot.probe()).sentence == WRONG_CLOCK
    assert bot.hook(knock(envelope("sms:received", RECEIVED), now())).status == 200
    assert (await bot.probe()).ok


async def test_probe_says_what_is_wrong_and_what_to_do(peer: FakePhone, make: Make) -> None:
    good = await make().probe()
    assert (good.ok, good.facts["Batería (%)"], good.facts["SIM"]) == (True, "81", "1")
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"password": "otra"}, "contraseña"), ({"base_url": ""}, "Falta la dirección"),
        ({"base_url": "http://127.0.0.1:1"}, "no acepta"), ({"base_url": "192.168.1.20"}, "mal escrita"),
        ({"auth": "token", "password": "otra"}, "contraseña"),
    )  # fmt: skip
    for settings, words in wrong:
        said = await make(**settings).probe()
        assert not said.ok
        assert words in said.sentence
        assert said.what_to_do
    peer.health = {"nada": 1}
    assert "no contesta la aplicación" in (await make().probe()).sentence


async def test_no_secret_and_no_number_is_described(peer: FakePhone, make: Make) -> None:
    bot = make()
    told = f"{await bot.probe()} {await bot.describe()}"
    for secret in (bot.settings.password, bot.settings.signing_key, "+50640000001"):
        assert secret not in told
