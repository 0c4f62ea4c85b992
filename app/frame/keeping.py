"""The story of one thing that is kept alive: its state, why, since when, the last changes. No clock in here."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from msgspec import Struct, field

from app.frame.i18n import N_, _
from app.frame.uptime import Uptime
from drivers.contract import NeedsHuman, NotReady, Trouble

State = Literal["off", "starting", "ready", "retrying", "needs_human"]
CHANGES = 50
LONGEST_S = 60.0
STEADY_S = 60.0  # ready this long: the next trouble is a new one
JITTER = 0.1
TEXT_MAX = 300
BROKE = N_("Falló por dentro: %(what)s")
ENDED = N_("Terminó sin decir por qué.")


class Change(Struct, frozen=True):
    """One turn of the story. `why` is a msgid, `facts` fill its places."""

    at: datetime
    state: State
    why: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        return _(self.why, **self.facts)


class Keeping(Struct, frozen=True, kw_only=True):
    """What a page shows of one kept thing. `hours`: shares up of the last 24 (0..1, None = unknown), oldest first."""

    name: str
    title: str
    kind: str
    state: State
    since: datetime
    why: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    what_to_do: str = ""
    identity: str = ""
    note: str = ""
    tries: int = 0
    retry_at: datetime | None = None
    changes: tuple[Change, ...] = ()
    hours: tuple[float | None, ...] = ()

    @property
    def reason(self) -> str:
        return _(self.why, **self.facts)

    @property
    def steps(self) -> list[str]:
        """What a person should do, in the reader's language."""
        return [line for line in _(self.what_to_do, **self.facts).splitlines() if line.strip()]


def backoff_s(tries: int, chance: float) -> float:
    """Seconds before try number `tries` (from 1): 2, 4, 8 ... at most 60, up to a tenth less by `chance` in 0..1."""
    return min(LONGEST_S, 2.0 ** min(tries, 6)) * (1 - JITTER * chance)


class Story:
    """Turns of one kept thing. `at` is the wall clock, `tick` (seconds) the monotonic one."""

    def __init__(self, name: str, title: str, kind: str, at: datetime) -> None:
        self.name, self.title, self.kind = name, title or name, kind
        self.state: State = "off"
        self.since = at
        self.why, self.what_to_do, self.identity, self.note = "", "", "", ""
        self.facts: Mapping[str, Any] = {}
        self.tries = 0
        self.retry_at: datetime | None = None
        self.changes: deque[Change] = deque(maxlen=CHANGES)
        self.uptime = Uptime()
        self._ready_tick = 0.0

    def starting(self, at: datetime) -> None:
        self._turn("starting", at)

    def ready(self, at: datetime, tick: float, identity: str = "", note: str = "") -> bool:
        """It works. Says whether anything is new."""
        news = (self.state, self.identity, self.note) != ("ready", identity or self.identity, note)
        self.identity, self.note = identity or self.identity, note
        if self.state != "ready":
            self._ready_tick = tick
            self._turn("ready", at)
        return news

    def broke(self, error: BaseException | None, at: datetime, tick: float, chance: float) -> float | None:
        """It ended. Seconds to wait before the next try; None: only a person can help."""
        if self.state == "ready" and tick - self._ready_tick >= STEADY_S:
            self.tries = 0
        trouble = _trouble(error)
        if isinstance(trouble, NeedsHuman):
            self._turn("needs_human", at, trouble)
            return None
        self.tries += 1
        wait_s = max(backoff_s(self.tries, chance), getattr(trouble, "after_s", None) or 0.0)
        self._turn("retrying", at, trouble)
        self.retry_at = at + timedelta(seconds=wait_s)
        return wait_s

    def stopped(self, at: datetime) -> None:
        self.tries = 0
        self._turn("off", at)

    def _turn(self, state: State, at: datetime, trouble: Trouble | None = None) -> None:
        self.uptime.spent(self.state, self.since, at)
        resumed = state == "starting" and self.state == "retrying"  # still the same trouble until it is ready
        if not resumed:
            self.why, self.facts = (trouble.sentence, trouble.facts) if trouble else ("", {})
            self.what_to_do = trouble.what_to_do if isinstance(trouble, NeedsHuman) else ""
        self.state, self.since, self.retry_at = state, at, None
        if not resumed:
            self._note(Change(at, state, self.why, self.facts))

    def _note(self, change: Change) -> None:
        """Kept once: a modem that is away for a night is one line, not five hundred."""
        last = self.changes[-1] if self.changes else None
        if last is None or (last.state, last.why, last.facts) != (change.state, change.why, change.facts):
            self.changes.append(change)

    def told(self, at: datetime) -> Keeping:
        """The story as a value."""
        self.uptime.spent(self.state, self.since, at)
        return Keeping(
            name=self.name,
            title=self.title,
            kind=self.kind,
            state=self.state,
            since=self.settled,
            why=self.why,
            facts=self.facts,
            what_to_do=self.what_to_do,
            identity=self.identity,
            note=self.note,
            tries=self.tries,
            retry_at=self.retry_at,
            changes=tuple(self.changes),
            hours=self.uptime.hours(at),
        )

    @property
    def settled(self) -> datetime:
        """Since when it is like this: a trouble is as old as its first try, not its last."""
        last = self.changes[-1] if self.changes else None
        return last.at if last else self.since


def _trouble(error: BaseException | None) -> Trouble:
    """Any failure as one with a sentence. In a group a person's part comes first."""
    if isinstance(error, BaseExceptionGroup):
        leaves = _leaves(error)
        error = next((e for e in leaves if isinstance(e, NeedsHuman)), leaves[0])
    if isinstance(error, Trouble):
        return error
    if error is None:
        return NotReady(ENDED)
    return NotReady(BROKE, what=f"{type(error).__name__}: {error}"[:TEXT_MAX])


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    return [leaf for e in group.exceptions for leaf in (_leaves(e) if isinstance(e, BaseExceptionGroup) else [e])]
