"""Calls and USSD over the pseudo-terminal modem."""

import pytest

from drivers.contract import NotReady, SendError
from drivers.gsm.settings import Answer, Dial, HangUp, Tones, Ussd
from tests.drivers.conftest import Living
from tests.drivers.gsm.conftest import gsm
from tests.drivers.peers.modem import Fault, Plug, Profile


def told(sink: object) -> list[tuple[str, str, str, str]]:
    calls = [i.call for i in sink.inbounds]  # type: ignore[attr-defined]
    return [(c.direction, c.state, c.other, c.outcome) for c in calls]


async def test_it_works(plug: Plug, living: Living) -> None:
    line = gsm(plug)
    async with living(line) as sink:
        call = await line.do(Dial(to="+506 8000-0001"))
        plug.modem.calls[1][1] = 0
        await sink.until(inbounds=2)
        await line.do(Tones(keys="1#"))
        plug.modem.end_call()
        plug.flush()
        await sink.until(inbounds=3)
    to = "+50680000001"
    assert told(sink) == [
        ("out", "ringing", to, ""), ("out", "answered", to, ""), ("out", "ended", to, "answered")
    ]  # fmt: skip
    assert {i.conversation for i in sink.inbounds} == {call["call"]}
    assert len({i.external_id for i in sink.inbounds}) == 3
    assert (plug.modem.network.dialled, plug.modem.network.tones) == ([to], ["1", "#"])


@pytest.mark.parametrize("lists", [True, False])
async def test_somebody_calls_and_is_answered(plug: Plug, living: Living, lists: bool) -> None:
    plug.modem.profile.clcc = lists
    line = gsm(plug)
    async with living(line) as sink:
        plug.modem.ring("88880000")
        plug.flush()
        await sink.until(inbounds=1)
        plug.modem.ring("88880000")
        await line.do(Answer())
        await sink.until(inbounds=2)
        plug.modem.end_call()
        plug.flush()
        await sink.until(inbounds=3)
    assert [each[1:] for each in told(sink)] == [
        ("ringing", "88880000", ""), ("answered", "88880000", ""), ("ended", "88880000", "answered")
    ]  # fmt: skip
    assert sink.inbounds[0].sender.address == "88880000"  # type: ignore[union-attr]


async def test_a_missed_call_of_a_hidden_number(plug: Plug, living: Living) -> None:
    line = gsm(plug)
    async with living(line) as sink:
        plug.modem.ring("")
        plug.flush()
        await sink.until(inbounds=1)
        plug.modem.end_call()
        plug.flush()
        await sink.until(inbounds=2)
    assert told(sink) == [("in", "ringing", "", ""), ("in", "ended", "", "no_answer")]
    assert sink.inbounds[0].sender is None


@pytest.mark.parametrize("refused", [(), ("AT+CHUP",)])
async def test_a_call_that_we_refuse(plug: Plug, living: Living, refused: tuple[str, ...]) -> None:
    plug.modem.profile.refuses = refused
    line = gsm(plug)
    async with living(line) as sink:
        plug.modem.ring("88880000")
        plug.flush()
        await sink.until(inbounds=1)
        await line.do(HangUp())
        await sink.until(inbounds=2)
    assert told(sink)[1][3] == "rejected"
    assert plug.modem.calls == {}


async def test_busy_and_cancelled(plug: Plug, living: Living) -> None:
    line = gsm(plug)
    async with living(line) as sink:
        await line.do(Dial(to="2222"))
        await sink.until(inbounds=1)
        plug.modem.calls.clear()
        plug.modem.notice("BUSY")
        plug.flush()
        await sink.until(inbounds=2)
        await line.do(Dial(to="2222"))
        await line.do(HangUp())
        await sink.until(inbounds=4)
    assert [each[3] for each in told(sink)] == ["", "busy", "", "cancelled"]


async def test_what_cannot_be_done_is_said(plug: Plug, living: Living) -> None:
    plug.modem.faults = [Fault("ATD", "error", "NO DIALTONE")]
    line = gsm(plug)
    with pytest.raises(NotReady):
        await line.do(Dial(to="2222"))
    async with living(line):
        for action in (Dial(to="ana"), Dial(to="2222"), Answer(), Tones(keys="1"), Tones(keys="x"), Ussd(code='"')):
            with pytest.raises(SendError):
                await line.do(action)


HUAWEI = Profile(maker="huawei", model="E173", ussd="packed", card_command="^ICCID", refuses=("AT^USSDMODE",))
NEWER = Profile(maker="huawei", model="E3372", card_command="^ICCID")
OLD = Profile(maker="WAVECOM MODEM", model="FASTRACK", refuses=('AT+CSCS="UCS2"',))


@pytest.mark.parametrize("profile", [Profile(), HUAWEI, NEWER, OLD], ids=["ucs2", "packed", "plain", "text"])
async def test_ussd_in_all_ways_of_writing(plug: Plug, living: Living, profile: Profile) -> None:
    plug.modem.profile = profile
    plug.modem.network.ussd = {"*123#": (1, "Saldo 500. 1 Recargar 2 Salir"), "2": (0, "Adios")}
    line = gsm(plug)
    async with living(line):
        first = await line.do(Ussd(code="*123#"))
        second = await line.do(Ussd(code="2"))
    assert first == {"text": "Saldo 500. 1 Recargar 2 Salir", "more": True}
    assert second == {"text": "Adios", "more": False}


async def test_a_modem_that_only_says_that_it_takes_plain_ussd(plug: Plug, living: Living) -> None:
    plug.modem.profile = Profile(maker="huawei", model="E173", ussd="packed", card_command="^ICCID")
    plug.modem.network.ussd = {"*123#": (0, "Saldo 500")}
    plug.modem.faults = [Fault("AT+CUSD=1", "error", "+CME ERROR: 304")]
    line = gsm(plug)
    async with living(line):
        assert (await line.do(Ussd(code="*123#")))["text"] == "Saldo 500"


async def test_ussd_that_nobody_answers_or_nobody_asked(plug: Plug, living: Living) -> None:
    line = gsm(plug, send_s=0.05)
    async with living(line) as sink:
        with pytest.raises(SendError) as late:
            await line.do(Ussd(code="*999#"))
        plug.modem.notice('+CUSD: 0,"Promo: 2x1\r\nhoy",15', "+CUSD: 2")
        plug.flush()
        await sink.until(inbounds=1)
    assert not late.value.permanent
    assert (sink.inbounds[0].kind, sink.inbounds[0].text) == ("ussd", "Promo: 2x1\nhoy")
    assert "AT+CUSD=2" in plug.modem.commands
