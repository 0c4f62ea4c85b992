"""What goes out: one message as one or several parts. Never twice, and never said to be sent when nobody knows."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime

import msgspec

from drivers.contract import N_, NeedsHuman, NotReady, Outbound, Receipt, SendError, now
from drivers.gsm.at.answers import reference
from drivers.gsm.at.core import Answer
from drivers.gsm.at.failures import Failure
from drivers.gsm.card import Card, human_trouble
from drivers.gsm.engine import Ask, Engine, Gone, Silence
from drivers.gsm.pdu.address import is_number
from drivers.gsm.pdu.alphabet import simplify
from drivers.gsm.pdu.coding import FLASH
from drivers.gsm.pdu.message import Submit, encode_submit
from drivers.gsm.pdu.split import Body, TooLong, split
from drivers.gsm.pdu.stamp import encode_validity
from drivers.gsm.reports import Expected
from drivers.gsm.settings import GsmSettings

TRIES = 3  # of a part that the network did not take now, once others have left
DOUBT = N_("El módem no confirmó el envío: puede haber salido.")
HALF = N_("Salió solo una parte del mensaje; el resto no. No se repite por sí solo.")
NETWORK_DOUBT = N_("La red no contestó: el mensaje puede haber salido.")
AGAIN = N_("La red no aceptó el mensaje ahora (%(code)s). Se intentará de nuevo.")
NEVER = N_("La red rechazó el mensaje (%(code)s). Revise el número y que el SIM pueda enviar mensajes.")
NO_PROMPT = N_("El módem no aceptó el texto a tiempo. Se intentará de nuevo.")
NO_NETWORK = N_("El módem no tiene red. El mensaje espera.")
NO_CENTRE = N_("El SIM no tiene centro de mensajes o no puede enviar (%(code)s).")
NO_CENTRE_STEPS = N_("Escriba el centro de mensajes del operador en los ajustes.\nRevise el saldo y el plan del SIM.")
FULL = N_("La memoria de mensajes está llena. Se vacía y se intenta de nuevo.")
NUMBER = N_("El número no se puede marcar. Escriba + y el código del país, o un número corto.")
EMPTY = N_("El mensaje no tiene texto. Escriba algo.")
LONG = N_("El texto ocupa %(parts)s mensajes y el máximo es %(most)s. Acórtelo o cambie el máximo en los ajustes.")
LONG_TEXT_MODE = N_("Este módem solo acepta mensajes cortos (160 letras, o 70 con tildes o emojis). Acórtelo.")
EXPIRED = N_("El mensaje venció antes de enviarse.")
AGAIN_S = 30.0


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A message ready to leave: `bodies` of its parts."""

    outbound: Outbound
    bodies: list[Body]
    report: bool
    kind: int | None = None

    @property
    def id(self) -> str:
        return f"gsm-{self.outbound.key}"


def plan(outbound: Outbound, settings: GsmSettings, at: datetime) -> Planned:
    """Raises SendError(permanent) for what can never leave."""
    to, text = outbound.to.replace(" ", "").replace("-", ""), outbound.text
    if not is_number(to):
        raise SendError(True, "number", NUMBER)
    if not text:
        raise SendError(True, "empty", EMPTY)
    if outbound.expires_at and outbound.expires_at <= at:
        raise SendError(True, "expired", EXPIRED)
    bodies = _bodies(text, settings)
    report = settings.reports and outbound.options.get("report") != "no"
    kind = FLASH if outbound.options.get("class") == "flash" else None
    return Planned(outbound=msgspec.structs.replace(outbound, to=to), bodies=bodies, report=report, kind=kind)


def _bodies(text: str, settings: GsmSettings) -> list[Body]:
    try:
        bodies = split(text, secrets.randbelow(0x10000), wide=settings.wide, accents=settings.accents)
    except TooLong as error:
        raise SendError(True, "long", LONG, parts=str(error).split()[0], most=settings.parts_max) from None
    if len(bodies) > settings.parts_max:
        raise SendError(True, "long", LONG, parts=len(bodies), most=settings.parts_max)
    return bodies


class Outbox:
    """Sends over one modem. `left` is told of each part that the network took."""

    def __init__(
        self, engine: Engine, card: Card, settings: GsmSettings, left: Callable[[Expected | None], None],
        paused: Callable[[], float],
    ) -> None:  # fmt: skip
        self.engine = engine
        self.card = card
        self.settings = settings
        self.texts = False
        self.sure_of_mode = True  # that messages go as octets; a modem that restarted by itself may have forgotten
        self.charset = "GSM"
        self._left = left
        self._paused = paused

    async def send(self, planned: Planned) -> Receipt:
        """Raises SendError, NotReady, NeedsHuman only while nothing has left."""
        refs: list[int] = []
        for body in planned.bodies:
            await asyncio.sleep(self._paused())
            try:
                refs.append(await self._part(planned, body, len(refs)))
            except _Doubt as doubt:
                return _receipt(planned, refs, doubt.sentence)
            except (SendError, NotReady, NeedsHuman):
                if not refs:
                    raise
                return _receipt(planned, refs, "")
        return _receipt(planned, refs, None)

    async def _part(self, planned: Planned, body: Body, before: int) -> int:
        """Its reference. Once others have left, a part that was surely not sent is tried again, with its reference."""
        for tries_left in range(TRIES if before else 1, 0, -1):
            try:
                return await self._try(planned, body)
            except (SendError, NotReady) as refused:
                if tries_left == 1 or self.engine.lost or (isinstance(refused, SendError) and refused.permanent):
                    raise
                await asyncio.sleep(self.settings.retry_s)
        raise AssertionError("a part is tried at least once")

    async def _try(self, planned: Planned, body: Body) -> int:
        try:
            async with self.engine.turn() as ask:
                await self.card.check(ask)
                answer = await self._hand_over(ask, planned, body)
        except Failure as failure:
            self.sure_of_mode = self.texts
            raise _refusal(failure) from failure
        except Silence as silence:
            if silence.given:
                raise _Doubt(DOUBT) from None
            raise SendError(False, "no-prompt", NO_PROMPT, after_s=AGAIN_S) from None
        except Gone as gone:
            if gone.given:
                raise _Doubt(DOUBT) from None
            raise gone.why from None
        ref = reference(answer.lines)
        if ref is None:
            raise _Doubt(DOUBT)
        self._left(_expected(planned, ref) if planned.report and not self.texts else None)
        return ref

    async def _hand_over(self, ask: Ask, planned: Planned, body: Body) -> Answer:
        seconds = self.engine.patience.send_s
        if self.texts:
            to, text = self._as_text(planned)
            return await ask(f'AT+CMGS="{to}"', payload=text, seconds=seconds)
        if not self.sure_of_mode:  # in text mode the length would be taken for a number
            await ask("AT+CMGF=0")
            self.sure_of_mode = True
        line, length = encode_submit(self._submit(planned, body))
        return await ask(f"AT+CMGS={length}", payload=line, seconds=seconds)

    def _submit(self, planned: Planned, body: Body) -> Submit:
        until = planned.outbound.expires_at
        validity = encode_validity((until - now()).total_seconds() / 60) if until else None
        return Submit(
            to=planned.outbound.to, body=body, report=planned.report, validity=validity, kind=planned.kind,
            centre=self.settings.centre,
        )  # fmt: skip

    def _as_text(self, planned: Planned) -> tuple[str, str]:
        """Text mode has no parts and, but for UCS-2, only plain letters."""
        to, text = planned.outbound.to, planned.outbound.text
        if len(planned.bodies) > 1:
            raise SendError(True, "long", LONG_TEXT_MODE)
        if self.charset == "UCS2":
            return _hex(to), _hex(text)
        return to, simplify(text).encode("ascii", "replace").decode().replace("\n", "\r")


class _Doubt(Exception):
    """It may have left."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def _hex(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


def _refusal(failure: Failure) -> Exception:
    """The modem or the network said no: what that means for this message."""
    code = failure.name
    match failure.meaning:
        case "never":
            return SendError(True, code, NEVER, code=code)
        case "human":
            return human_trouble(failure) or NeedsHuman(NO_CENTRE, NO_CENTRE_STEPS, code=code)
        case "wait":
            return NotReady(NO_NETWORK, after_s=AGAIN_S)
        case "full":
            return SendError(False, code, FULL, after_s=5)
        case "doubt":
            return _Doubt(NETWORK_DOUBT)
    return SendError(False, code, AGAIN, after_s=AGAIN_S, code=code)


def _receipt(planned: Planned, refs: list[int], doubt: str | None) -> Receipt:
    """`doubt` None: all left. "": some left, and it is known how many."""
    note = HALF if doubt is not None and refs else doubt or ""
    state = "sent" if doubt is None else "doubtful"
    ids = tuple(f"{planned.id}-{ref}" for ref in refs[1:])
    return Receipt(external_id=planned.id, state=state, also=ids, parts=len(planned.bodies), note=note)  # type: ignore[arg-type]


def _expected(planned: Planned, ref: int) -> Expected:
    to = planned.outbound.to
    return Expected(ref=ref, to=to, at=now(), id=planned.id, key=planned.outbound.key, parts=len(planned.bodies))
