"""Delivery reports matched with what was sent (3GPP TS 23.040, 9.2.3.15). No clock.

A reference has 256 values and comes again; the address and the time that the centre stamped tell two apart.
A report may come before the modem says the reference, or never. A message's state never goes backwards.
"""

from datetime import datetime, timedelta

import msgspec

from drivers.contract import N_, Status
from drivers.gsm.pdu.message import Report

KEEP = timedelta(days=3)
MOST = 500
SAME_DIGITS = 7
TRYING = N_("El teléfono no responde; la red sigue intentando.")
GAVE_UP = N_("La red dejó de intentar: el teléfono no respondió.")
PERMANENT = {
    0x41: N_("El teléfono no acepta este mensaje."), 0x42: N_("El teléfono rechazó el mensaje."),
    0x43: N_("El número no existe o está fuera de servicio. Revise el número."),
    0x46: N_("El mensaje venció antes de entregarse."),
    0x47: N_("El mensaje fue borrado por quien lo envió."), 0x48: N_("El centro de mensajes lo borró."),
}  # fmt: skip
FAILED = N_("La red no pudo entregar el mensaje.")
UNCONFIRMED = N_("La red lo envió, pero no puede confirmar la entrega.")


class Expected(msgspec.Struct, kw_only=True):
    """One part whose fate is not known yet. `id` and `key` are the whole message's, which has so many `parts`."""

    ref: int
    to: str
    at: datetime
    id: str
    key: str
    parts: int = 1
    delivered: bool = False


class Reports(msgspec.Struct, kw_only=True):
    """What is waited for, oldest first, and reports that came too early."""

    expected: list[Expected] = []
    early: list[Report] = []
    ended: dict[str, datetime] = {}  # ids of messages whose story is over

    def expect(self, part: Expected) -> Status | None:
        """Also the news when the report came before. Forgets what is too old."""
        self._forget(part.at)
        self.expected.append(part)
        for report in self.early:
            if _meant(part, report):
                self.early.remove(report)
                return self._tell(part, report)
        return None

    def _forget(self, at: datetime) -> None:
        self.expected = [each for each in self.expected[-MOST:] if at - each.at < KEEP]
        self.early = [each for each in self.early if each.at is None or abs(at - each.at) < KEEP][-100:]
        self.ended = {id: when for id, when in self.ended.items() if at - when < KEEP}

    def came(self, report: Report, at: datetime) -> Status | None:
        """The news in a report; None when there is none (yet)."""
        meant = [part for part in self.expected if _meant(part, report)]
        if not meant:
            self.early.append(report)
            return None
        stamped = report.sent_at or at
        return self._tell(min(meant, key=lambda part: abs(part.at - stamped)), report)

    def _tell(self, part: Expected, report: Report) -> Status | None:
        if part.id in self.ended:
            return None
        if report.status < 0x20:
            return self._arrived(part, report)
        if report.status < 0x40:
            return _status(part, report, "failed", TRYING, final=False)
        self._end(part, report.at or part.at)
        sentence = GAVE_UP if report.status >= 0x60 else PERMANENT.get(report.status, FAILED)
        return _status(part, report, "failed", sentence)

    def _arrived(self, part: Expected, report: Report) -> Status | None:
        """News only when every part arrived."""
        part.delivered = True
        ours = [each for each in self.expected if each.id == part.id]
        if len(ours) < part.parts or not all(each.delivered for each in ours):
            return None
        self._end(part, report.at or part.at)
        if report.status:
            return _status(part, report, "sent", UNCONFIRMED)
        return _status(part, report, "delivered", "")

    def _end(self, part: Expected, at: datetime) -> None:
        self.ended[part.id] = at
        self.expected = [each for each in self.expected if each.id != part.id]

    def dump(self) -> bytes:
        return msgspec.json.encode(self)


def load(dumped: bytes | None) -> Reports:
    """Raises msgspec.DecodeError when it is not what `dump` wrote."""
    return msgspec.json.decode(dumped, type=Reports) if dumped else Reports()


def _meant(part: Expected, report: Report) -> bool:
    """Centres write the same number with and without its country."""
    if part.ref != report.ref or part.delivered:
        return False
    ours, theirs = part.to.lstrip("+"), report.to.lstrip("+")
    short = min(len(ours), len(theirs), SAME_DIGITS)
    return ours[-short:] == theirs[-short:]


def _status(part: Expected, report: Report, state: str, sentence: str, final: bool = True) -> Status:
    said = {"state": state, "external_id": part.id, "key": part.key, "sentence": sentence, "final": final}
    more = {"code": f"tp-st-{report.status}", **({"at": report.at} if report.at else {})}
    return Status(**said, **more)  # type: ignore[arg-type]
