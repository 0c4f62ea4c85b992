"""The watchdog: what is done, step by step, when a modem is mute or without network for long."""

import contextlib
import logging
import time

from drivers.contract import N_, NotReady
from drivers.gsm.at.failures import Failure
from drivers.gsm.engine import Ask, Engine, Gone, Patience, Silence
from drivers.gsm.families import Family
from drivers.gsm.radio import Radio
from drivers.gsm.recovery import Ladder
from drivers.gsm.settings import GsmSettings

log = logging.getLogger(__name__)
MUTE = N_("El módem dejó de responder.")
DEAF = N_("El módem no tiene red hace rato; se reinicia.")
ASKED = N_("El módem se reinicia.")
RESET_ANSWERS = 3  # times the usual patience


class Restarting(NotReady):
    """The modem was told to start anew, or must be looked for again."""


async def radio_reset(ask: Ask, family: Family, patience: Patience) -> None:
    """Off and on: shows a SIM that was put in meanwhile, and looks for the network anew."""
    for command in family.soft_reset:
        with contextlib.suppress(Failure, Silence):
            await ask(command, seconds=patience.answer_s * RESET_ANSWERS)


class Watch:
    """Each method answers in how many seconds to look again; None when there is no hurry. Raises Restarting."""

    def __init__(self, engine: Engine, family: Family, settings: GsmSettings) -> None:
        self.engine = engine
        self.family = family
        self.settings = settings
        self.ladder = Ladder()
        self.resets = 0
        self._deaf_since: float | None = None

    async def mute(self) -> float | None:
        return await self._climb(MUTE)

    async def answered(self, radio: Radio) -> float | None:
        if radio.on_air:
            self.ladder.well()
            self._deaf_since = None
            return None
        self._deaf_since = self._deaf_since or time.monotonic()
        if time.monotonic() - self._deaf_since < self.settings.network_s:
            return None
        self._deaf_since = None
        return await self._climb(DEAF)

    async def _climb(self, why: str) -> float | None:
        step = self.ladder.trouble()
        log.warning("modem on %s: %s (%s)", self.engine.port, why, step)
        if step == "again":
            return 0.0
        if step == "soft":
            await self.soft_reset()
            return min(self.settings.poll_s, self.settings.answer_s)
        await self.hard_reset(why)
        return None

    async def soft_reset(self) -> None:
        self.resets += 1
        async with self.engine.turn() as ask:
            await radio_reset(ask, self.family, self.engine.patience)

    async def hard_reset(self, why: str = ASKED) -> None:
        """By the first order that this make takes; told blindly to who no longer answers. Always raises."""
        self.resets += 1
        for command in self.family.hard_reset:
            try:
                await self.engine.ask(command)
                break
            except Failure:
                continue
            except Silence:
                self.engine.shout(command)
                break
            except Gone:
                break
        raise Restarting(why)
