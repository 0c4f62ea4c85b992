"""Faults on demand for line-based peers: what to do when a certain command comes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

DROP, SILENCE, HALF, SLOW = "drop", "silence", "half", "slow"
SLOW_S = 0.01


class Gone(Exception):
    """The peer leaves this connection now."""


@dataclass
class Faults:
    """command -> [what happens, how often still]. `seen` counts every command that came."""

    due: dict[str, list[str]] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    hook: Callable[[str], object] = lambda _command: None

    def plan(self, command: str, what: str, times: int = 1) -> None:
        self.due.setdefault(command, []).extend([what] * times)

    def take(self, command: str) -> str:
        """What happens now; empty when all goes well."""
        self.seen[command] = self.seen.get(command, 0) + 1
        self.hook(command)
        planned = self.due.get(command)
        return planned.pop(0) if planned else ""


async def silence(reader: asyncio.StreamReader) -> None:
    """Listen and say nothing, until the other side leaves."""
    while await reader.read(1 << 16):
        pass
    raise Gone
