"""The same driver over each make, as it behaves."""

import pytest

from drivers.gsm.families import FAMILIES, GENERIC, family_of
from drivers.gsm.settings import Dial, HangUp, Tones, Ussd
from tests.drivers.conftest import Living
from tests.drivers.gsm.conftest import gsm
from tests.drivers.gsm.test_driver import TO, sms
from tests.drivers.peers.modem import Plug, Profile

MAKES = {
    "SIM800": Profile(),
    "SIM7600": Profile(
        maker="SIMCOM INCORPORATED", model="SIMCOM_SIM7600G-H", card_command="+ICCID", refuses=("AT+CCID", "AT+CSDT")
    ),
    "Quectel": Profile(
        maker="Quectel", model="EC25", card_command="+QCCID", first_index=0, chatter='+QIND: "csq",20,99',
        refuses=("AT+CCID", "AT+CHUP"),
    ),
    "Huawei": Profile(
        maker="huawei", model="E173", card_command="^ICCID", ussd="packed", memories=("SM",), prompt="\r\n>",
        chatter="^RSSI:18\r\n\r\n^BOOT:1,0,0,0,77", refuses=("AT+CCID", "AT+VTS", "AT+CNMI=2,1,0,1", "AT^USSDMODE"),
    ),
    "ZTE": Profile(
        maker="ZTE INCORPORATED", model="MF190", card_command="+ZGETICCID", chatter="+ZUSIMR:2", ussd="ucs2",
        refuses=("AT+CCID", "AT+CSMS=1", "AT+CMMS"), first_index=100001,
    ),
    "Wavecom": Profile(
        maker="WAVECOM MODEM", model="MULTIBAND 900E 1800", pin_endless=True, chatter="+WIND: 4", memories=("SM",),
        refuses=('AT+CSCS="UCS2"', "AT+CHUP", "AT+CMMS", "AT+CPMS=?", "AT+CGREG"),
    ),
}  # fmt: skip


def test_it_works() -> None:
    assert {family_of(profile.maker, profile.model).name for profile in MAKES.values()} == {f.name for f in FAMILIES}
    assert {name: family_of(p.maker, p.model).name for name, p in MAKES.items()} == {name: name for name in MAKES}
    assert family_of("Telit", "GL865") is GENERIC


@pytest.mark.parametrize("name", MAKES)
async def test_each_make_sends_receives_asks_and_calls(plug: Plug, living: Living, name: str) -> None:
    plug.modem.profile = MAKES[name]
    plug.modem.network.reports = "now"
    plug.modem.network.ussd = {"*123#": (0, "Saldo: 500")}
    line = gsm(plug)
    async with living(line) as sink:
        assert (await line.send(sms())).state == "sent"
        await sink.until(statuses=1)
        plug.write(TO, "Gracias, señora 😀")
        await sink.until(inbounds=1)
        await plug.until(lambda: not any(plug.modem.slots(memory) for memory in ("SM", "ME", "SR")))
        assert (await line.do(Ussd(code="*123#")))["text"] == "Saldo: 500"
        await line.do(Dial(to="2222"))
        await line.do(Tones(keys="5"))
        await line.do(HangUp())
        facts = await line.describe()
    assert sink.inbounds[0].text == "Gracias, señora 😀"
    assert sink.statuses[0].state == "delivered"
    assert plug.modem.network.tones == ["5"]
    assert (facts["Familia"], facts["SIM"]) == (name, "…0123")
