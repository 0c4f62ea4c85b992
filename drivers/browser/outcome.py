"""What a run brought home, and how it can end early."""

from typing import Any

from msgspec import Struct, field

from drivers.contract import NeedsHuman, SendError

HIDDEN = "•••"


class Done(Struct, frozen=True, kw_only=True):
    """One step that was carried out."""

    step: str
    verb: str
    seconds: float
    picture: str = ""


class Result(Struct, kw_only=True):
    """`values` by name; `rows` by name of table: column -> value. Numbers keep their decimals (as text in JSON)."""

    values: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    steps: list[Done] = field(default_factory=list)
    logins: int = 0
    blocked: dict[str, int] = field(default_factory=dict)  # `host:port` that the page asked for and did not get


class RunFailed(SendError):
    """A step did not work. Permanent once the run may have changed something at the site: a person looks first."""


class PersonNeeded(NeedsHuman):
    """Captcha, second factor, refused password: the run stopped where it was."""


class Stopped(Exception):
    """Cancelled from outside."""


class Expired(Exception):
    """The log-in form is there: the session ran out, or never began."""


def without(secrets: tuple[str, ...], text: str) -> str:
    """A text from the page in which no secret is left."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text
