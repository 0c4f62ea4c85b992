"""The modem driver over a real pseudo-terminal: messages out and in."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from drivers.contract import NotReady, Outbound, SendError
from drivers.gsm.pdu.header import Header
from drivers.gsm.pdu.split import Body
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.gsm.conftest import gsm
from tests.drivers.gsm.pdu.network import deliver
from tests.drivers.peers.modem import AT, ICCID, IMEI, Fault, Plug

TO = "+50680000001"


def sms(text: str = "¿Cómo está? Mañana abrimos 😀", key: str = "k1", **more: object) -> Outbound:
    return Outbound(key=key, channel="sms", to=TO, text=text, **more)  # type: ignore[arg-type]


async def test_it_works(plug: Plug, living: Living) -> None:
    line = gsm(plug, number="+50640000000")
    async with living(line) as sink:
        receipt = await line.send(sms())
        plug.write("+50680000002", "¡Buenas! ¿Tienen 5 € de cambio? 😀")
        await sink.until(inbounds=1)
        await plug.until(lambda: not plug.modem.slots("SM"))
    assert (receipt.external_id, receipt.state, receipt.parts) == ("gsm-k1", "sent", 1)
    assert [(s.to, s.text, s.report) for s in plug.modem.network.sent] == [(TO, sms().text, True)]
    (got,) = sink.inbounds
    assert (got.text, got.sender.address, got.to[0].address) == (  # type: ignore[union-attr]
        "¡Buenas! ¿Tienen 5 € de cambio? 😀", "+50680000002", "+50640000000"
    )  # fmt: skip
    assert (got.channel, got.kind, got.sent_at, got.raw["sim"]) == ("sms", "message", AT.astimezone(UTC), ICCID)
    assert sink.said[0][0] == IMEI


async def test_a_long_message_goes_in_parts_and_comes_in_parts(plug: Plug, living: Living) -> None:
    line, text = gsm(plug), "¿Puede pasar el lunes? {Sí o no} 😀 " * 8
    async with living(line) as sink:
        receipt = await line.send(sms(text))
        plug.bring(*reversed(plug.modem.text("+50680000002", text, ref=9)))
        await sink.until(inbounds=1)
        await plug.until(lambda: not plug.modem.slots("SM"))
    sent = plug.modem.network.sent
    assert "".join(part.text for part in sent) == text
    assert [(part.total, part.seq) for part in sent] == [(len(sent), n) for n in range(1, len(sent) + 1)]
    assert len({part.ref for part in sent}) == 1
    assert (receipt.parts, len(receipt.also)) == (len(sent), len(sent) - 1)
    assert [inbound.text for inbound in sink.inbounds] == [text]


async def test_validity_class_and_no_report(plug: Plug, living: Living) -> None:
    line, until = gsm(plug), datetime.now(UTC) + timedelta(hours=2, minutes=1)
    async with living(line):
        await line.send(sms("Ya", expires_at=until, options={"class": "flash", "report": "no"}))
    (sent,) = plug.modem.network.sent
    assert (sent.validity, sent.dcs, sent.report) == (23, 0x10, False)


@pytest.mark.parametrize(
    ("outbound", "code"),
    [
        (sms(""), "empty"),
        (Outbound(key="k", channel="sms", to="ana", text="x"), "number"),
        (Outbound(key="k", channel="sms", to='+506"8', text="x"), "number"),
        (sms("a" * 1531), "long"),
        (sms("x", expires_at=datetime(2020, 1, 1, tzinfo=UTC)), "expired"),
        (Outbound(key="k", channel="mail", to=TO, text="x"), "channel"),
    ],
)
async def test_what_can_never_leave_is_refused_before_the_modem_hears_of_it(
    plug: Plug, living: Living, outbound: Outbound, code: str
) -> None:
    line = gsm(plug)
    async with living(line):
        with pytest.raises(SendError) as refused:
            await line.send(outbound)
    assert (refused.value.permanent, refused.value.code) == (True, code)
    assert plug.modem.network.sent == []


async def test_without_a_modem_a_message_waits(plug: Plug) -> None:
    with pytest.raises(NotReady):
        await gsm(plug).send(sms())


async def test_what_lay_on_the_sim_is_brought_at_the_start_and_drafts_stay(plug: Plug, living: Living) -> None:
    for line in plug.modem.text("Kölbi", "Recarga recibida"):
        plug.modem.keep("SM", line)
        plug.modem.keep("ME", line.replace("0004", "0004"), state=1)
    plug.modem.keep("SM", "0011000B910586000090F90000AA0141", state=2)
    line = gsm(plug)
    async with living(line) as sink:
        await sink.until(inbounds=1)
        await plug.until(lambda: not plug.modem.slots("ME"))
        assert [state for state, _ in plug.modem.slots("SM").values()] == [2]
        freed = await line.do(line.does["free_memory"]())
    assert freed == {"deleted": 1}
    assert {(i.sender.address, i.automatic) for i in sink.inbounds} == {("Kölbi", True)}  # type: ignore[union-attr]
    assert len({i.external_id for i in sink.inbounds}) == 1


async def test_a_message_stays_on_the_sim_until_it_is_stored(plug: Plug, living: Living) -> None:
    plug.write("+50680000002", "Hola")
    sink = Collecting()
    sink.fails = True
    with pytest.raises(OSError, match="disk full"):
        await gsm(plug).run(sink)
    assert len(plug.modem.slots("SM")) == 1
    async with living(gsm(plug)) as sink:
        await sink.until(inbounds=1)
        await plug.until(lambda: not plug.modem.slots("SM"))
    assert [i.text for i in sink.inbounds] == ["Hola"]


async def test_parts_that_wait_outlive_the_process_and_the_sim(plug: Plug, living: Living) -> None:
    first, second = plug.modem.text("+50680000002", "Hola " * 40)
    async with living(gsm(plug)) as sink:
        plug.bring(second)
        await plug.until(lambda: any(c.startswith("AT+CMGD") for c in plug.modem.commands))
        assert plug.modem.slots("SM") == {}
    later = Collecting()
    later.kept = sink.kept
    life = asyncio.create_task(gsm(plug).run(later))
    plug.bring(first)
    await later.until(inbounds=1)
    life.cancel()
    await asyncio.wait({life})
    assert later.inbounds[0].text == "Hola " * 40


async def test_a_part_that_never_comes_is_said_and_mended_when_it_does(plug: Plug, living: Living) -> None:
    first, second = plug.modem.text("+50680000002", "Hola " * 40)
    async with living(gsm(plug, parts_wait_min=0.0005)) as sink:
        plug.bring(second)
        await sink.until(inbounds=1)
        plug.bring(first)
        await sink.until(inbounds=2)
    partial, mended = sink.inbounds
    assert partial.text.startswith("[…]")
    assert partial.note
    assert (mended.kind, mended.about, mended.text) == ("edit", partial.external_id, "Hola " * 40)


async def test_handed_over_messages_are_acknowledged_once_they_are_stored(plug: Plug, living: Living) -> None:
    plug.modem.profile.refuses = ("AT+CNMI=2,1", "AT+CNMI=1,1")
    async with living(gsm(plug)) as sink:
        plug.write("+50680000002", "Hola")
        await sink.until(inbounds=1)
        await plug.until(lambda: not plug.modem.unacknowledged)
    assert plug.modem.cnmi[0] == 2
    assert plug.modem.csms == 1


async def test_without_notices_the_memory_is_visited(plug: Plug, living: Living) -> None:
    plug.modem.profile.refuses = ("AT+CNMI",)
    async with living(gsm(plug, sweep_s=0.05)) as sink:
        plug.write("+50680000002", "Hola")
        await sink.until(inbounds=1)


async def test_a_full_memory_is_emptied_and_the_network_brings_the_rest(plug: Plug, living: Living) -> None:
    plug.modem.capacity = 3
    for n in range(5):
        plug.write("+50680000002", f"Hola {n}")
    assert len(plug.modem.waiting) == 2
    async with living(gsm(plug)) as sink:
        await sink.until(inbounds=5)
    assert {i.text for i in sink.inbounds} == {f"Hola {n}" for n in range(5)}


async def test_for_applications_and_silent_ones_are_kept_but_not_shown(plug: Plug, living: Living) -> None:
    push = Body(alphabet="data", data=b"\x01\x06\x03", header=Header(ports=(2948, 9200)))
    silent = deliver("+50680000002", Body(alphabet="gsm7", data=b"A"), AT).replace("F20000", "F24000")
    async with living(gsm(plug)) as sink:
        plug.bring(deliver("+50680000002", push, AT), silent)
        await sink.until(inbounds=2)
    assert [(i.kind, i.text, i.automatic, bool(i.note)) for i in sink.inbounds] == [("event", "", True, True)] * 2
    assert (sink.inbounds[0].raw["ports"], sink.inbounds[0].raw["data"]) == ([2948, 9200], "010603")


async def test_what_nobody_can_read_is_kept_whole(plug: Plug, living: Living) -> None:
    plug.modem.keep("SM", "00FF")
    async with living(gsm(plug)) as sink:
        await sink.until(inbounds=1)
        await plug.until(lambda: not plug.modem.slots("SM"))
    assert (sink.inbounds[0].kind, sink.inbounds[0].raw["pdu"]) == ("event", "00FF")


async def test_a_modem_that_forgot_the_mode_is_reminded(plug: Plug, living: Living) -> None:
    line = gsm(plug)
    async with living(line):
        plug.modem.faults = [Fault("AT+CMGS", "error", "+CMS ERROR: 304")]
        with pytest.raises(SendError):
            await line.send(sms())
        plug.modem.commands.clear()
        await line.send(sms())
    assert "AT+CMGF=0" in plug.modem.commands


async def test_notices_everywhere_and_echo_on_disturb_nothing(plug: Plug, living: Living) -> None:
    plug.modem.profile.chatter = "^RSSI:21\r\n\r\n+CREG: 1"
    plug.modem.profile.refuses = ("ATE0",)
    plug.modem.profile.prompt = ">"
    line = gsm(plug)
    async with living(line) as sink:
        receipts = [await line.send(sms(f"Hola {n}", key=f"k{n}")) for n in range(5)]
        plug.write("+50680000002", "OK\r\n+CMTI: \"SM\",9\r\nERROR")
        await sink.until(inbounds=1)
    assert [r.state for r in receipts] == ["sent"] * 5
    assert sink.inbounds[0].text == 'OK\r\n+CMTI: "SM",9\r\nERROR'
