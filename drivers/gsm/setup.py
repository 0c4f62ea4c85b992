"""Bringing a modem into the state that the driver needs, as far as this make allows."""

import contextlib

import msgspec

from drivers.contract import N_, NotReady
from drivers.gsm.at.failures import Failure
from drivers.gsm.at.ussd import Way
from drivers.gsm.engine import Ask, Engine
from drivers.gsm.families import Family
from drivers.gsm.settings import Mode

NO_MODE = N_("El módem no acepta el modo de mensajes elegido. Elija otro modo en los ajustes.")
WAYS: dict[str, Way] = {"UCS2": "ucs2", "GSM": "gsm", "IRA": "text"}


class State(msgspec.Struct, kw_only=True):
    """What the modem agreed to. `notices`: it tells of messages. `acknowledge`: what it hands over wants AT+CNMA."""

    texts: bool = False
    charset: str = ""
    plain_ussd: bool = False
    notices: bool = False
    acknowledge: bool = False

    def ussd(self, family: Family) -> Way:
        plain = WAYS.get(self.charset, "text")
        return plain if self.plain_ussd else family.ussd or plain


async def set_up(engine: Engine, ask: Ask, family: Family, mode: Mode) -> State:
    """Raises NotReady when it speaks neither mode."""
    for command in ("ATE0", "AT+CMEE=1", "AT+CLIP=1", "AT+CRC=0", "AT+CMMS=1", *family.setup):
        await _agrees(ask, command)
    state = State(texts=not await _octets(ask, mode))
    engine.core.texts = False
    for charset in family.charsets:
        if await _agrees(ask, f'AT+CSCS="{charset}"'):
            state.charset = charset
            break
    if state.texts:
        await _agrees(ask, "AT+CSDH=1")
        engine.core.texts = state.charset != "UCS2"
    state.plain_ussd = bool(family.ussd_plain) and await _agrees(ask, family.ussd_plain)
    await _notices(ask, family, state)
    return state


async def _octets(ask: Ask, mode: Mode) -> bool:
    """Messages as octets, or as text where the modem knows no better."""
    if mode != "text" and await _agrees(ask, "AT+CMGF=0"):
        return True
    if mode == "pdu" or not await _agrees(ask, "AT+CMGF=1"):
        raise NotReady(NO_MODE)
    return False


async def _notices(ask: Ask, family: Family, state: State) -> None:
    """The first way of telling that it takes; none means that the memory is visited often."""
    for command in family.notices:
        fields = command.partition("=")[2].split(",")
        direct = fields[1] == "2" or fields[3] == "1"
        if state.texts and (fields[1] == "2" or fields[3] != "0"):  # as text they look like any other line
            continue
        if await _agrees(ask, command):
            state.notices = True
            state.acknowledge = direct and await _agrees(ask, "AT+CSMS=1")
            if state.acknowledge:
                await _agrees(ask, command)  # the change of service takes it back on some
            return


async def _agrees(ask: Ask, command: str) -> bool:
    with contextlib.suppress(Failure):
        await ask(command)
        return True
    return False
