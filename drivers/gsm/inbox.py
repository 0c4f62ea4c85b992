"""What comes in: messages, parts, reports. Each method returns only when the office has stored what there was."""

import hashlib
import logging
import re
from datetime import UTC, datetime, timedelta, timezone

import msgspec

from drivers.contract import N_, Inbound, Party, Sink, now
from drivers.gsm import reports
from drivers.gsm.at.answers import Stored, from_ucs2, plain
from drivers.gsm.pdu.address import is_number
from drivers.gsm.pdu.join import Joiner, Whole
from drivers.gsm.pdu.message import SILENT, Deliver, Report, decode
from drivers.gsm.pdu.octets import Malformed
from drivers.gsm.pdu.split import Body

log = logging.getLogger(__name__)
PARTS, REPORTS = "parts", "reports"  # names under which the sink keeps what waits
MISSING = N_("No llegaron todas las partes del mensaje.")
FOR_APPLICATION = N_("Mensaje para una aplicación del teléfono; no es texto.")
SILENT_NOTE = N_("Mensaje de prueba de la red; no trae texto.")
UNREADABLE = N_("Mensaje que no se pudo leer; se guarda como llegó.")
STAMP = re.compile(r"(\d{2,4})/(\d{1,2})/(\d{1,2}),(\d{1,2}):(\d{1,2}):(\d{1,2})\s*([+-]\d{1,2})?")


class Inbox:
    """`sim`: ICCID of the SIM it came to. `me`: its number, when known."""

    def __init__(self, sink: Sink, wait: timedelta, sim: str, me: str) -> None:
        self.sink = sink
        self.sim = sim
        self.me = (Party(address=me),) if me else ()
        self.joiner = Joiner(wait)
        self.reports = reports.Reports()
        self.took = 0

    async def load(self) -> None:
        """What waited when the last life ended."""
        try:
            self.joiner.load(await self.sink.recall(PARTS))
            self.reports = reports.load(await self.sink.recall(REPORTS))
        except (msgspec.DecodeError, msgspec.ValidationError):
            log.exception("what was remembered cannot be read; it is begun anew")

    async def octets(self, line: str, length: int | None = None) -> None:
        """A message or report as octets in hexadecimal."""
        try:
            came = decode(line, length)
        except Malformed:
            await self._odd(line)
            return
        if isinstance(came, Report):
            await self.report(came)
        else:
            await self.part(came, line)

    async def text(self, message: Stored, ucs2: bool) -> None:
        """A message of text mode. `ucs2`: written in hexadecimal."""
        head = [*message.head, "", "", "", ""]
        body = from_ucs2(message.body) if ucs2 else message.body
        data = Body(alphabet="ucs2", data=body.encode("utf-16-be", "replace"))
        part = Deliver(sender=plain(head[1]), at=_stamp(head[3]), body=data)
        await self.part(part, message.body)

    async def part(self, part: Deliver, line: str) -> None:
        for whole in self.joiner.add(part, now()):
            await self._give(whole, line)
        if part.body.header.total > 1:
            await self.sink.remember(PARTS, self.joiner.dump())

    async def expire(self) -> None:
        """Messages whose parts did not all come in time."""
        late = self.joiner.expire(now())
        for whole in late:
            await self._give(whole, "")
        if late:
            await self.sink.remember(PARTS, self.joiner.dump())

    async def report(self, report: Report) -> None:
        news = self.reports.came(report, now())
        if news:
            await self.sink.status(news)
        await self.save_reports()

    async def save_reports(self) -> None:
        await self.sink.remember(REPORTS, self.reports.dump())

    async def _give(self, whole: Whole, line: str) -> None:
        await self.sink.received(self._inbound(whole, line))
        self.took += 1

    def _inbound(self, whole: Whole, line: str) -> Inbound:
        hidden = whole.ports is not None or whole.pid == SILENT
        return Inbound(
            external_id=whole.id, channel="sms", kind="event" if hidden else "edit" if whole.mends else "message",
            sender=Party(address=whole.sender), to=self.me, sent_at=whole.at, about=whole.mends,
            text="" if hidden else _storable(whole.text), note=_note(whole),
            automatic=hidden or not is_number(whole.sender), raw=self._raw(whole, line),
        )  # fmt: skip

    def _raw(self, whole: Whole, line: str) -> dict[str, object]:
        raw: dict[str, object] = {"sim": self.sim, "parts": whole.total, "pdu": line}
        if whole.missing:
            raw["missing"] = list(whole.missing)
        if whole.kind is not None:
            raw["class"] = whole.kind
        if whole.ports:
            raw |= {"ports": list(whole.ports), "data": whole.data.hex()}
        return raw

    async def _odd(self, line: str) -> None:
        """Kept whole: who knows better may still read it."""
        identity = f"odd-{hashlib.sha256(line.encode()).hexdigest()[:24]}"
        raw = {"sim": self.sim, "pdu": line}
        await self.sink.received(
            Inbound(external_id=identity, channel="sms", kind="event", note=UNREADABLE, automatic=True, raw=raw)
        )


def _note(whole: Whole) -> str:
    if whole.ports is not None:
        return FOR_APPLICATION
    if whole.pid == SILENT:
        return SILENT_NOTE
    return MISSING if whole.missing else ""


def _storable(text: str) -> str:
    """Without what no database takes."""
    return text.replace("\0", "")


def _stamp(text: str) -> datetime | None:
    """09/8/18,10:00:00-24 and 2009/08/18,...; None for what no calendar knows."""
    found = STAMP.search(text)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(group) for group in found.groups()[:6])
    zone = timezone(int(found[7] or 0) * timedelta(minutes=15)) if abs(int(found[7] or 0)) < 96 else UTC
    try:
        return datetime(year if year > 99 else 2000 + year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
