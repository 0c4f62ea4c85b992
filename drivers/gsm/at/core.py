"""The conversation with a modem as a state machine: bytes in, events out. One command runs at a time.

It survives anything: notices before, inside and after answers, echo or none, a prompt without its space, cut lines,
noise. What it keeps is bounded.
"""

import re
import string

import msgspec

from drivers.gsm.at.failures import Failure, failure_of
from drivers.gsm.at.notices import NOTICES, is_notice, name_of

LINE_MAX, LINES_MAX, TEXT_MAX = 4096, 2000, 2000
ENDS = re.compile(rb"[\r\n]")
NAMED = re.compile(r"AT([+^*$#%][A-Z0-9]+)", re.IGNORECASE)
NOISE = "".join(chr(code) for code in (*range(33), 0x7F, 0xFF))
ALIASES = {"+CCID": ("+ICCID",), "+ICCID": ("+CCID",), "+QCCID": ("+CCID",), "^ICCID": ("+ICCID",)}
CALL_ENDS = ("NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "NO DIAL TONE", "CONNECT")
BODIES = ("+CMGR", "+CMGL", "+CMT")
HEX = frozenset(string.hexdigits)


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """`prompts`: it asks for a text with >. `endless`: its answer may lack the OK."""

    text: str
    prompts: bool = False
    endless: bool = False

    @property
    def own(self) -> tuple[str, ...]:
        """Names of the lines of its answer."""
        found = NAMED.match(self.text)
        name = found[1].upper() if found else ""
        return (name, *ALIASES.get(name, ())) if name else ()

    @property
    def dials(self) -> bool:
        return self.text.upper().startswith(("ATD", "ATA"))


class Answer(msgspec.Struct, frozen=True):
    """The end of a command. `word`: OK, or how a call ended."""

    lines: tuple[str, ...]
    failure: Failure | None = None
    word: str = "OK"


class Prompt(msgspec.Struct, frozen=True):
    """The modem waits for the text."""


class Notice(msgspec.Struct, frozen=True):
    """Said unasked. `tail`: the line that belongs to it."""

    name: str
    line: str
    tail: str = ""


Event = Answer | Prompt | Notice


class Core:
    """`texts`: messages come as readable text (AT+CMGF=1) whose length the line before it tells (AT+CSDH=1)."""

    def __init__(self) -> None:
        self.texts = False
        self.command: Command | None = None
        self.prompting = False
        self._buffer = b""
        self._lines: list[str] = []
        self._open = ""  # a notice that is not complete: its first lines
        self._raw = 0  # characters of a text still to come

    @property
    def holding(self) -> bool:
        """Something incomplete waits: call `idle` when nothing more comes."""
        return bool(self._open or self._raw or (self.command and self.command.endless and self._lines))

    def start(self, command: Command) -> None:
        self.command, self._lines = command, []
        self.prompting = self.prompting or command.prompts

    def abandon(self) -> None:
        """Nobody waits for the answer any more. A prompt that comes late is still told."""
        self.command, self._lines = None, []

    def feed(self, data: bytes) -> list[Event]:
        self._buffer += data
        events: list[Event] = []
        while self._step(events):
            pass
        if len(self._buffer) > LINE_MAX:
            self._buffer = b""
        return events

    def _step(self, events: list[Event]) -> bool:
        """One line, text or prompt off the buffer; False when there is none yet."""
        if self._raw:
            return self._take_text()
        self._buffer = self._buffer.lstrip(b"\r\n \0")
        if self.prompting and self._buffer.startswith(b">"):
            self._buffer, self.prompting = self._buffer[1:], False
            events.append(Prompt())
            return True
        end = ENDS.search(self._buffer)
        if end is None:
            return False
        raw, self._buffer = self._buffer[: end.start()], self._buffer[end.end() :]
        self._line(raw.decode("latin-1").strip(NOISE), events)
        return True

    def _take_text(self) -> bool:
        """A readable text, with whatever lines are in it."""
        body = self._buffer.removeprefix(b"\n")
        if len(body) < self._raw:
            return False
        text, self._buffer = body[: self._raw], body[self._raw :]
        self._raw = 0
        self._keep(text.decode("latin-1"))
        return True

    def _line(self, line: str, events: list[Event]) -> None:
        if self._open:
            self._continue(line, events)
        elif line and not self._is_echo(line):
            self._whole(line, events)

    def _is_echo(self, line: str) -> bool:
        return self.command is not None and line.upper().endswith(self.command.text.upper())

    def _whole(self, line: str, events: list[Event]) -> None:
        own = self.command.own if self.command else ()
        if self.command and self._ends(line, events):
            return
        if is_notice(line, own):
            self._notice(line, events)
        elif self.command:
            self._keep(line)
            self._raw = self._text_length(line)

    def _ends(self, line: str, events: list[Event]) -> bool:
        """Is it the final result of the running command?"""
        assert self.command is not None
        failure, word = failure_of(line), line.upper()
        ended = word == "OK" or failure is not None or (self.command.dials and word.startswith(CALL_ENDS))
        if ended:
            self._end(events, failure, word)
        return ended

    def _end(self, events: list[Event], failure: Failure | None, word: str) -> None:
        events.append(Answer(tuple(self._lines), failure, word))
        self.prompting = self.prompting and not (self.command and self.command.prompts)
        self.command, self._lines = None, []

    def _keep(self, line: str) -> None:
        if len(self._lines) < LINES_MAX:
            self._lines.append(line)

    def _text_length(self, line: str) -> int:
        length = line.rpartition(",")[2].strip()
        if not self.texts or name_of(line) not in BODIES or line.count(",") < 7 or not length.isdecimal():
            return 0
        return min(int(length[:4]), TEXT_MAX)

    def _notice(self, line: str, events: list[Event]) -> None:
        name = name_of(line)
        tail = NOTICES.get(name, "")
        if tail == "line" or (tail == "text" and line.count('"') % 2):
            self._open = line
        else:
            events.append(Notice(name, line))

    def _continue(self, line: str, events: list[Event]) -> None:
        if NOTICES[name_of(self._open)] == "text":
            self._continue_text(line, events)
        elif line and (self.texts or HEX.issuperset(line)):
            self._close(line, events)
        elif line and not self._is_echo(line):  # something came between: it stands for itself
            waiting, self._open = self._open, ""
            self._whole(line, events)
            self._open = self._open or waiting

    def _continue_text(self, line: str, events: list[Event]) -> None:
        self._open += "\n" + line
        if '"' in line or len(self._open) > TEXT_MAX:
            first, self._open = self._open, ""
            events.append(Notice(name_of(first), first))

    def _close(self, tail: str, events: list[Event]) -> None:
        first, self._open = self._open, ""
        events.append(Notice(name_of(first), first, tail))

    def idle(self) -> list[Event]:
        """Nothing came for a while: what is open ends as it is; an answer that lacks its OK counts as complete."""
        events: list[Event] = []
        self._raw = 0
        if self._open:
            self._give_up_open(events)
        if self.command and self.command.endless and self._lines:
            self._end(events, None, "OK")
        return events

    def _give_up_open(self, events: list[Event]) -> None:
        """A quote that never closed ends before the first line that means something by itself."""
        first, *more = self._open.split("\n")
        self._open = ""
        said = [first]
        while more and not self._means_something(more[0]):
            said.append(more.pop(0))
        events.append(Notice(name_of(first), "\n".join(said)))
        for line in more:
            self._line(line, events)

    def _means_something(self, line: str) -> bool:
        return line == "OK" or failure_of(line) is not None or is_notice(line, ())
