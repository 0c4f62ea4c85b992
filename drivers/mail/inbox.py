"""Reads the folders, hands over what is new, and only then marks it; waits for more."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from drivers.contract import Sink, now
from drivers.mail import marks, reading
from drivers.mail.aftermath import Aftermath
from drivers.mail.mailbox import Brought, Mailbox, Selected
from drivers.mail.marks import Mark, Marks
from drivers.mail.reading import Letter
from drivers.mail.settings import MailSettings

log = logging.getLogger(__name__)
BIG = 200_000  # bytes from which reading leaves the event loop


@dataclass
class Inbox:
    """One life of an open mailbox. `proved`: it went through at least one wait, so that a break is worth a new try."""

    settings: MailSettings
    mailbox: Mailbox
    sink: Sink
    after: Aftermath
    marks: Marks = field(default_factory=Marks)
    brought: int = 0
    last: datetime | None = None
    proved: bool = False
    sent_folder: str = ""
    told: str = ""

    async def live(self) -> None:
        """Until the world breaks. The first folder is swept last: it stays selected for the wait."""
        self.marks = marks.load(await self.sink.recall(marks.NAME))
        while True:
            for folder in reversed(self.settings.watched):
                await self.sweep(folder)
            self.after.wake.clear()
            await self.after.hand_over(self.sink)
            await self._keep_copies()
            self._tell()
            await self._wait()
            self.proved = True

    def _tell(self) -> None:
        if self.told != self.mode:
            self.told = self.mode
            self.sink.ready(identity=self.settings.address, note=self.mode)

    @property
    def mode(self) -> str:
        return "IDLE" if self.mailbox.idles else "NOOP"

    async def _wait(self) -> None:
        many = len(self.settings.watched) > 1
        idle_s = min(self.settings.idle_s, self.settings.poll_s) if many else self.settings.idle_s
        await self.mailbox.wait(idle_s, self.settings.poll_s, self.after.wake)

    async def sweep(self, folder: str) -> None:
        """Hand over all that is new, also what arrives while we do."""
        selected = await self.mailbox.select(folder)
        mark = self.marks.folders.get(folder)
        if mark is None or mark.validity != selected.validity:
            mark = self.marks.folders[folder] = await self._begin(selected, mark)
            await self._remember()
        while uids := await self.mailbox.after(mark.uid):
            for uid in uids:
                await self._one(mark, uid, selected)

    async def _begin(self, selected: Selected, lost: Mark | None) -> Mark:
        """Where to start. After renumbering, the day before the last message again: replays are absorbed."""
        today = now().date()
        first = (lost.day - timedelta(days=1)) if lost else today - timedelta(days=self.settings.first_days)
        uids = await self.mailbox.since(first) if lost or self.settings.first_days else []
        newest = selected.next_uid - 1 if selected.next_uid else max(await self.mailbox.after(0), default=0)
        return Mark(selected.validity, min(uids) - 1 if uids else newest, lost.day if lost else today)

    async def _one(self, mark: Mark, uid: int, selected: Selected) -> None:
        """Store, then mark at the server, then move our mark: a crash at any step repeats, and loses nothing."""
        brought = await self.mailbox.bring(uid)
        if brought is not None:
            await self._hand_over(await self._read(brought))
            await self._acknowledge(uid, selected)
            self.brought += 1
            self.last = now()
        mark.uid = uid
        if brought is not None and brought.arrived:
            mark.day = max(mark.day, min(brought.arrived.date(), now().date()))
        await self._remember()

    async def _read(self, brought: Brought) -> Letter:
        if len(brought.raw) < BIG:
            return reading.letter(brought, self.settings, self.marks)
        return await asyncio.to_thread(reading.letter, brought, self.settings, self.marks)

    async def _hand_over(self, letter: Letter) -> None:
        for status in letter.statuses:
            await self.sink.status(status)
        await self.sink.received(letter.inbound)

    async def _acknowledge(self, uid: int, selected: Selected) -> None:
        if selected.readonly:
            return
        if self.settings.mark_seen:
            await self.mailbox.mark_seen(uid)
        if self.settings.move_to:
            await self.mailbox.move(uid, self.settings.move_to)

    async def _remember(self) -> None:
        await self.sink.remember(marks.NAME, marks.dump(self.marks))

    async def _keep_copies(self) -> None:
        """The message is out; a copy that cannot be kept is no failure of the line."""
        while self.after.copies:
            if not await self._keep(self.after.copies[0]):
                log.warning("no copy of a sent message could be kept")
            self.after.copies.popleft()

    async def _keep(self, raw: bytes) -> bool:
        if self.mailbox.can(b"X-GM-EXT-1"):  # Gmail keeps what passes through its SMTP by itself
            return True
        self.sent_folder = self.sent_folder or self.settings.sent_folder or await self.mailbox.sent_folder()
        return bool(self.sent_folder) and await self.mailbox.keep(raw, self.sent_folder)
