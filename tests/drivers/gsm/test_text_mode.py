"""Modems that know no octets: the fallback, and what it cannot do."""

import pytest

from drivers.contract import NotReady, SendError
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.gsm.conftest import gsm
from tests.drivers.gsm.test_driver import TO, sms
from tests.drivers.peers.modem import Plug

NO_OCTETS = "AT+CMGF=0"


async def test_it_works(plug: Plug, living: Living) -> None:
    plug.modem.profile.refuses = (NO_OCTETS,)
    line = gsm(plug)
    async with living(line) as sink:
        assert (await line.send(sms("Está listo 😀"))).state == "sent"
        plug.write(TO, "Ya voy,\r\nOK\r\nñandú 😀")
        await sink.until(inbounds=1)
        await plug.until(lambda: not plug.modem.slots("SM"))
        assert (await line.describe())["Modo"] == "text"
    assert [(s.to, s.text) for s in plug.modem.network.sent] == [(TO, "Está listo 😀")]
    assert (sink.inbounds[0].text, sink.inbounds[0].sender.address) == ("Ya voy,\r\nOK\r\nñandú 😀", TO)  # type: ignore[union-attr]
    assert sink.inbounds[0].sent_at


async def test_readable_text_that_looks_like_the_modem_is_text(plug: Plug, living: Living) -> None:
    plug.modem.profile.refuses = (NO_OCTETS, 'AT+CSCS="UCS2"', 'AT+CSCS="GSM"')
    line, evil = gsm(plug), 'Hola\nOK\n+CMTI: "SM",9\n+CMGL: 7,"REC READ","x"'
    async with living(line) as sink:
        plug.write(TO, evil)
        await sink.until(inbounds=1)
        await line.send(sms("¿Está ahí?"))
    assert sink.inbounds[0].text == evil
    assert plug.modem.network.sent[0].text == "?Esta ahi?"


async def test_what_takes_parts_is_refused(plug: Plug, living: Living) -> None:
    line = gsm(plug, mode="text")
    async with living(line):
        with pytest.raises(SendError, match="mensajes cortos") as refused:
            await line.send(sms("a" * 161))
    assert refused.value.permanent


async def test_a_modem_that_refuses_the_mode_that_was_set(plug: Plug) -> None:
    plug.modem.profile.refuses = (NO_OCTETS,)
    with pytest.raises(NotReady, match="modo de mensajes"):
        await gsm(plug, mode="pdu").run(Collecting())
