"""Which modem answers on a port."""

import contextlib

import msgspec

from drivers.contract import N_, NotReady
from drivers.gsm.at.answers import named, parts_of, serial_number
from drivers.gsm.at.failures import Failure
from drivers.gsm.engine import Ask, Engine, Gone, Silence
from drivers.gsm.families import GENERIC, Family, family_of

MUTE = N_("Nada responde en el puerto %(port)s. Revise que sea el puerto de órdenes del módem y que esté encendido.")
NAMELESS = N_("Lo que hay en el puerto %(port)s no dice su IMEI: no parece un módem.")


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What the hardware says of itself."""

    imei: str
    maker: str = ""
    model: str = ""
    family: Family = GENERIC


async def identify(engine: Engine, port: str) -> Identity:
    """Raises NotReady."""
    try:
        async with engine.turn() as ask:
            return await _identify(ask, port)
    except Silence:
        raise NotReady(MUTE, port=port) from None
    except Gone as gone:
        raise gone.why from None


async def _identify(ask: Ask, port: str) -> Identity:
    await _try(ask, "ATE0")
    await _try(ask, "AT+CMEE=1")
    imei = serial_number(await _try(ask, "AT+CGSN")) or serial_number(await _try(ask, "AT+GSN"))
    if not imei:
        raise NotReady(NAMELESS, port=port)
    maker, model = _said(await _try(ask, "AT+CGMI")), _said(await _try(ask, "AT+CGMM"))
    return Identity(imei=imei, maker=maker, model=model, family=family_of(maker, model))


async def _try(ask: Ask, command: str) -> tuple[str, ...]:
    """Lines; none when the modem does not know the command."""
    with contextlib.suppress(Failure):
        return (await ask(command)).lines
    return ()


def _said(lines: tuple[str, ...]) -> str:
    line = named(lines, "+CGMI", "+CGMM")
    return " ".join(parts_of(line)) if line else lines[-1] if lines else ""
