"""The lines that this office has: which driver stands behind which device, for hooks, senders and pages."""

from typing import Any

from msgspec import Struct

from drivers.contract import Driver

PREFIX = "device-"


def kept_as(device_id: int) -> str:
    """A device's name at the supervisor."""
    return f"{PREFIX}{device_id}"


class Line(Struct, frozen=True, kw_only=True):
    """A device that is switched on. `hook` is the unguessable last part of its webhook address."""

    device_id: int
    name: str
    kind: str
    hook: str
    driver: Driver[Any]
    version: int = 1


class Lines:
    """Lines by device and by webhook. `hooks`: the webhooks of all devices, also of those that are switched off.

    `opening`: nobody looked yet which devices there are, so no webhook can be called unknown.
    """

    def __init__(self) -> None:
        self.by_id: dict[int, Line] = {}
        self.by_hook: dict[str, Line] = {}
        self.hooks: set[str] = set()
        self.opening = False

    def put(self, line: Line) -> None:
        self.remove(line.device_id)
        self.by_id[line.device_id] = self.by_hook[line.hook] = line
        self.hooks.add(line.hook)

    def remove(self, device_id: int) -> None:
        """Take a line away. While its webhook is in `hooks`, its provider is told to come again later."""
        line = self.by_id.pop(device_id, None)
        if line:
            self.by_hook.pop(line.hook, None)

    def may_come(self, hook: str) -> bool:
        """Whether a webhook without a line may have one later."""
        return self.opening or hook in self.hooks

    def get(self, device_id: int) -> Line | None:
        return self.by_id.get(device_id)
