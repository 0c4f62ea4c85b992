"""The network side of a modem: registration, roaming, signal, operator."""

import contextlib

import msgspec

from drivers.contract import N_
from drivers.gsm.at.answers import named, parts_of, plain, registration, signal
from drivers.gsm.at.failures import Failure
from drivers.gsm.engine import Ask
from drivers.gsm.families import Family

BEST, WEAKEST = -51, -113
BARS = (-107, -97, -87, -77)
HOME = N_("Registrado en la red")
WORDS = {
    "home": HOME, "roaming": N_("En itinerancia"), "denied": N_("La red rechaza el SIM"),
    "searching": N_("Buscando red"), "none": N_("Sin red"),
}  # fmt: skip


class Radio(msgspec.Struct, frozen=True, kw_only=True):
    """`dbm` None: not known."""

    state: str = "none"
    dbm: int | None = None
    operator: str = ""

    @property
    def on_air(self) -> bool:
        return self.state in ("home", "roaming")

    @property
    def quality(self) -> int | None:
        """0 to 100."""
        if self.dbm is None:
            return None
        return max(0, min(100, round((self.dbm - WEAKEST) * 100 / (BEST - WEAKEST))))

    @property
    def bars(self) -> int:
        return sum(self.dbm is not None and self.dbm >= bar for bar in BARS)


async def look(ask: Ask, family: Family, operator: str = "") -> Radio:
    """Asks the modem; `operator` is kept when it is known already."""
    state = await _state(ask, family)
    dbm = signal(await _lines(ask, "AT+CSQ"))
    if state in ("home", "roaming") and not operator:
        operator = await _operator(ask)
    return Radio(state=state, dbm=dbm, operator=operator if state in ("home", "roaming") else "")


async def _state(ask: Ask, family: Family) -> str:
    """The best that any of the networks (2G, data, 4G) says."""
    said = []
    for command in family.registrations:
        line = named(await _lines(ask, command), command[2:-1])
        said.append(registration(line) if line else "none")
        if said[-1] in ("home", "roaming"):
            return said[-1]
    return next((state for state in ("denied", "searching") if state in said), "none")


async def _operator(ask: Ask) -> str:
    fields = parts_of(named(await _lines(ask, "AT+COPS?"), "+COPS"))
    return plain(fields[2]) if len(fields) > 2 else ""


async def _lines(ask: Ask, command: str) -> tuple[str, ...]:
    with contextlib.suppress(Failure):
        return (await ask(command)).lines
    return ()
