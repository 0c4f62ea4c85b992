"""The simulated world behind the line: what happens to a message and who writes. No clock, no task in here."""

import random
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from drivers.contract import N_, Inbound, NotReady, Outbound, Party, Receipt, SendError, Status
from drivers.sim.settings import Fault, SimSettings

KEYS = 10_000
CHANNEL = "sim"
PEOPLE = (
    ("+50680000001", "Rosa Montiel"), ("+50680000002", "Ignacio Brenes"), ("+50680000003", "Lupita Arce"),
    ("+50680000004", "Taller El Volante"), ("+50680000005", "Fabián Quirós"), ("+50680000006", "Sofía Ñurinda"),
)
OPENINGS = (
    "Buenas, ¿todavía tienen la promoción?", "¿A qué hora abren mañana?", "No me ha llegado el pedido 😕",
    "Quisiera una cotización para 12 unidades.", "¿Me pueden llamar después de las 4?", "Ya hice la transferencia.",
)
ANSWERS = ("Perfecto, gracias.", "Sí, me sirve.", "¿Y cuánto cuesta el envío?", "Déjeme pensarlo y le aviso.")


class Lost(Exception):
    """The line gave no answer; whether the message left, only the world knows."""


@dataclass(frozen=True, slots=True)
class Later:
    """News that come `after_s` seconds from now."""

    after_s: float
    news: Inbound | Status


@dataclass(slots=True)
class Line:
    """What the network does with messages. `left` counts how often each key really went out."""

    settings: SimSettings
    origin: str
    fault: Fault = "none"
    left: dict[str, int] = field(default_factory=dict)
    receipts: OrderedDict[str, Receipt] = field(default_factory=OrderedDict)
    chance: random.Random = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.settings.seed)
        self.fault = self.settings.fault

    def send(self, outbound: Outbound, at: datetime) -> tuple[Receipt, list[Later]]:
        """Receipt and the news that follow. Raises SendError, NotReady, Lost."""
        self._refuse(outbound)
        if self.fault == "silence":
            raise Lost
        known = self.receipts.get(outbound.key) if self.settings.takes_keys else None
        later = [] if known else self._leave(outbound, at)
        if self.fault == "lost_receipt":
            raise Lost
        return self.receipts[outbound.key], later

    def _refuse(self, outbound: Outbound) -> None:
        if self.fault == "unplugged":
            raise NotReady(N_("La línea simulada está desconectada."))
        if self.fault == "temporary":
            raise SendError(False, "busy", N_("La red está ocupada. Se intentará de nuevo."), after_s=5)
        if self.fault == "permanent":
            raise SendError(True, "no_such_number", N_("El número %(to)s no existe. Revise el número."), to=outbound.to)

    def _leave(self, outbound: Outbound, at: datetime) -> list[Later]:
        self.left[outbound.key] = self.left.get(outbound.key, 0) + 1
        receipt = Receipt(external_id=f"sim-out-{self._next()}", at=at)
        self.receipts[outbound.key] = receipt
        if len(self.receipts) > KEYS:
            self.receipts.popitem(last=False)
        return self._aftermath(outbound, receipt.external_id)

    def _aftermath(self, outbound: Outbound, external_id: str) -> list[Later]:
        step_s = self.settings.delay_ms / 1000
        later = [
            Later(step_s, Status(state="delivered", external_id=external_id, key=outbound.key)),
            Later(3 * step_s, Status(state="read", external_id=external_id, key=outbound.key)),
        ]
        if self.settings.answers:
            answer = self.inbound(outbound.to, self.chance.choice(ANSWERS), reply_to=external_id)
            later.append(Later(6 * step_s, answer))
        return later

    def inbound(self, sender: str, text: str, name: str = "", reply_to: str = "", external_id: str = "") -> Inbound:
        name = name or dict(PEOPLE).get(sender, "")
        return Inbound(
            external_id=external_id or f"sim-in-{self._next()}", channel=CHANNEL, text=text, reply_to=reply_to,
            sender=Party(address=sender, name=name), to=(Party(address=self.settings.number),),
        )

    def somebody_writes(self) -> Inbound:
        address, _name = self.chance.choice(PEOPLE)
        return self.inbound(address, self.chance.choice(OPENINGS))

    def next_arrival_s(self) -> float | None:
        """Seconds until somebody writes; None when nobody does."""
        per_hour = self.settings.arrivals_per_hour
        return self.chance.expovariate(per_hour / 3600) if per_hour else None

    def _next(self) -> str:
        """Unique for ever: an id that came back after a restart would be taken for a replay."""
        self.count += 1
        return f"{self.origin}-{self.count}"
