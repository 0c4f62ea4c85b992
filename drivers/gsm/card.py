"""The SIM: unlocked at most once with one PIN, and asked who it is right before each send and each read."""

import asyncio
import hashlib

from drivers.contract import N_, NeedsHuman, NotReady, Sink
from drivers.gsm.at.answers import card, named
from drivers.gsm.at.failures import Failure
from drivers.gsm.engine import Ask, Silence
from drivers.gsm.families import Family

AGAIN_S = 0.5
TRIED = "pin"  # under this name the sink keeps a digest of a PIN that must not be tried again
ABSENT = N_("El módem no tiene SIM.")
ABSENT_STEPS = N_("Ponga el SIM con el módem apagado.\nEnciéndalo y pulse Reintentar.")
PIN = N_("El SIM pide PIN.")
PIN_STEPS = N_("Escriba el PIN en los ajustes de la conexión y guarde.")
WRONG_PIN = N_("El SIM no aceptó el PIN, y no se volverá a probar: al tercer error se bloquea.")
WRONG_PIN_STEPS = N_("Corrija el PIN en los ajustes de la conexión y guarde.")
PUK = N_("El SIM está bloqueado y pide PUK.")
PUK_STEPS = N_("Ponga el SIM en un teléfono y escriba allí el PUK que dio el operador.\nDevuélvalo y pulse Reintentar.")
BROKEN = N_("El módem no puede leer el SIM.")
BROKEN_STEPS = N_("Limpie el SIM y vuelva a ponerlo.\nSi sigue igual, pida otro al operador.")
SWAPPED = N_("Cambiaron el SIM del módem. Se empieza de nuevo con el que está puesto.")
NOT_MINE = N_("El SIM puesto (terminado en %(card)s) no es el de esta conexión.")
NOT_MINE_STEPS = N_("Ponga el SIM correcto, o cambie su número de serie en los ajustes.\nPulse Reintentar.")
BUSY = N_("El SIM no está listo todavía.")

HUMAN = {
    "SIM PIN": (PIN, PIN_STEPS), "SIM PUK": (PUK, PUK_STEPS), "SIM PIN2": (PUK, PUK_STEPS),
    "SIM PUK2": (PUK, PUK_STEPS), "absent": (ABSENT, ABSENT_STEPS), "broken": (BROKEN, BROKEN_STEPS),
}  # fmt: skip
STATES = {
    10: "absent", 310: "absent", 11: "SIM PIN", 311: "SIM PIN", 12: "SIM PUK", 316: "SIM PUK", 13: "broken",
    15: "broken", 313: "broken", 315: "broken",
}  # fmt: skip


class Swapped(NotReady):
    """Another SIM is in the modem."""


class CardTrouble(NeedsHuman):
    """The SIM cannot be used."""


class Absent(CardTrouble):
    """There is no SIM, or it was put in while the modem ran, which only a reset shows."""


def trouble_of(state: str) -> CardTrouble:
    sentence, steps = HUMAN.get(state, (BROKEN, BROKEN_STEPS))
    return (Absent if state == "absent" else CardTrouble)(sentence, steps)


def human_trouble(failure: Failure) -> CardTrouble | None:
    """The SIM's trouble behind an error of any command; None when it is none that a person must see to."""
    return trouble_of(STATES[failure.code]) if failure.code in STATES and failure.kind else None


class Card:
    """`number` is the ICCID; "" on modems that cannot tell it."""

    def __init__(self, family: Family, pin: str = "", wanted: str = "") -> None:
        self.family = family
        self.number = ""
        self._pin = pin
        self._wanted = wanted
        self._commands = family.card

    async def unlock(self, ask: Ask, imei: str, sink: Sink, seconds: float) -> None:
        """Until it is ready. Raises CardTrouble; NotReady when that takes longer than `seconds`."""
        end = asyncio.get_running_loop().time() + seconds
        while (state := await self.state(ask)) != "READY":
            if state == "SIM PIN":
                await self._enter_pin(ask, imei, sink)
            elif state != "busy":
                raise trouble_of(state)
            if asyncio.get_running_loop().time() > end:
                raise NotReady(BUSY)
            await asyncio.sleep(min(AGAIN_S, seconds / 10))

    async def state(self, ask: Ask) -> str:
        """READY, busy, or a key of HUMAN. Tries nothing."""
        try:
            answer = await ask("AT+CPIN?", endless=self.family.pin_endless)
        except Failure as failure:
            if failure.meaning == "wait":
                return "busy"
            return STATES.get(failure.code or 0, "busy") if failure.kind else "READY"  # unknown command: no SIM lock
        said = named(answer.lines, "+CPIN").partition(":")[2].strip(' "').upper()
        return {"": "busy", "NOT READY": "busy", "NOT INSERTED": "absent"}.get(said, said)

    async def _enter_pin(self, ask: Ask, imei: str, sink: Sink) -> None:
        """Noted before it is tried: a crash in between must not cost a second try."""
        if not self._pin:
            raise trouble_of("SIM PIN")
        digest = hashlib.sha256(f"{imei} {self._pin}".encode()).digest()
        if await sink.recall(TRIED) == digest:
            raise CardTrouble(WRONG_PIN, WRONG_PIN_STEPS)
        await sink.remember(TRIED, digest)
        try:
            await ask(f'AT+CPIN="{self._pin}"')
        except Failure as failure:
            if failure.meaning == "wait":
                await sink.remember(TRIED, b"")
                return
            raise CardTrouble(WRONG_PIN, WRONG_PIN_STEPS) from None
        await sink.remember(TRIED, b"")

    async def read(self, ask: Ask) -> None:
        """Learn which SIM it is. Raises CardTrouble when it is not the one that was set."""
        self.number = await self._read(ask)
        if self._wanted and self.number and not self.number.startswith(self._wanted.rstrip("Ff")):
            raise CardTrouble(NOT_MINE, NOT_MINE_STEPS, card=self.number[-4:])

    async def check(self, ask: Ask) -> None:
        """Still the same one. Raises Swapped, CardTrouble when it is gone, NotReady when it is busy, Silence."""
        there = await self._read(ask) if self.number else ""
        if self.number and not there:  # it could tell before: the answer was not to this question
            raise Silence
        if there != self.number:
            raise Swapped(SWAPPED)

    async def _read(self, ask: Ask) -> str:
        """By the first command that this modem knows."""
        for command in self._commands:
            try:
                number = card((await ask(command)).lines)
            except Failure as failure:
                self._refuse(failure)
                continue
            if number:
                self._commands = (command,)
                return number
        return ""

    def _refuse(self, failure: Failure) -> None:
        trouble = human_trouble(failure)
        if trouble:
            raise trouble
        if failure.meaning == "wait" or self.number:  # it could tell before
            raise NotReady(BUSY)
