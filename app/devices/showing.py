"""A line as pages show it: its row and its story together, in words."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.devices import kinds
from app.devices.kinds import Kind
from app.devices.models import Device
from app.frame import intake, show
from app.frame.db import Database, now_utc
from app.frame.i18n import N_, _
from app.frame.keeping import Keeping
from app.frame.lines import kept_as
from app.frame.office import Office

WORDS = {
    "off": N_("Apagada"),
    "starting": N_("Conectando"),
    "ready": N_("En línea"),
    "retrying": N_("Reintentando"),
    "needs_human": N_("Necesita a una persona"),
    "elsewhere": N_("En otro proceso"),
}
JACKS = {"ready": "ready", "starting": "wrap", "retrying": "break", "needs_human": "fault"}
BADGES = {"ready": "ok", "starting": "", "retrying": "warn", "needs_human": "danger"}
TEXTS = {"retrying": "warn-t", "needs_human": "danger-t"}


class Shown(Struct, frozen=True, kw_only=True):
    """One line of the list. `story` is None where nothing was tried yet in this process."""

    device: Device
    kind: Kind
    story: Keeping | None
    state: str

    @property
    def word(self) -> str:
        return _(WORDS[self.state])

    def word_of(self, state: str) -> str:
        return _(WORDS[state])

    @property
    def jack(self) -> str:
        return JACKS.get(self.state, "")

    @property
    def badge(self) -> str:
        return BADGES.get(self.state, "")

    @property
    def text(self) -> str:
        return TEXTS.get(self.state, "")

    @property
    def since(self) -> datetime | None:
        return self.story.since if self.story else None

    @property
    def reason(self) -> str:
        """Why it is not well, or the note of a line that is."""
        if self.story is None or not self.device.enabled:
            return ""
        return self.story.reason or _(self.story.note)

    @property
    def steps(self) -> list[str]:
        return self.story.steps if self.story and self.state == "needs_human" else []

    @property
    def waiting(self) -> bool:
        return self.state in ("retrying", "needs_human")

    @property
    def ticks(self) -> list[str]:
        """A CSS class per hour: "" well, w partly, d mostly down, n unknown."""
        return [_tick(share) for share in (self.story.hours if self.story else (None,) * 24)]

    @property
    def share(self) -> float | None:
        known = [h for h in (self.story.hours if self.story else ()) if h is not None]
        return sum(known) / len(known) if known else None

    @property
    def uptime(self) -> str:
        return _("Disponible %(share)s en 24 horas", share=show.percent(self.share))


def _tick(share: float | None) -> str:
    if share is None:
        return "n"
    return "" if share >= 0.99 else "w" if share >= 0.5 else "d"


def shown(office: Office, device: Device) -> Shown:
    story = office.supervisor.told(kept_as(device.id))
    return Shown(device=device, kind=kinds.describe(device.kind), story=story, state=_state(office, device, story))


def _state(office: Office, device: Device, story: Keeping | None) -> str:
    if not device.enabled:
        return "off"
    if story is None or story.state == "off":
        return "elsewhere" if office.lines.get(device.id) else "starting"
    return story.state


def tally(lines: list[Shown]) -> list[tuple[str, int]]:
    """[("ok", 6), ("warn", 1), ("danger", 1)]: well, by itself again soon, waiting for a person."""
    groups = {"ok": ("ready", "elsewhere"), "warn": ("starting", "retrying"), "danger": ("needs_human",)}
    return [(name, sum(line.state in states for line in lines)) for name, states in groups.items()]


async def facts(office: Office, device: Device) -> dict[str, str]:
    """Diagnostics of the driver, label -> value; asked of the driver, which may be slow: give it a time limit."""
    line = office.lines.get(device.id)
    said = dict(await line.driver.describe()) if line else {}
    return {_(label): value for label, value in said.items()}


async def waiting(database: Database, device_id: int) -> dict[str, int]:
    """{"new", "broken"} rows of the intake."""
    async with database.unit(write=False) as db:
        return await intake.counts(db, device_id)


def diagnosis(shown_: Shown, said: dict[str, str], rows: dict[str, int], version: str) -> dict[str, Any]:
    """What goes into the downloaded file: enough to help from afar, no secret."""
    device, story = shown_.device, shown_.story
    return {
        "centralita": version, "at": now_utc(), "id": device.id, "kind": device.kind, "name": device.name,
        "enabled": device.enabled, "identity": device.identity, "settings": device.settings,
        "secrets": "sealed" if device.sealed else "none", "state": shown_.state, "reason": shown_.reason,
        "tries": story.tries if story else 0, "since": shown_.since, "hours_up": story.hours if story else (),
        "changes": [{"at": c.at, "state": c.state, "why": c.reason} for c in (story.changes if story else ())],
        "driver": said, "intake": rows,
    }  # fmt: skip
