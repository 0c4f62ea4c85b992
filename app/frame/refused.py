"""A rule said no. Services raise; pages and the API turn it into an answer with the same sentence."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any


class Refused(Exception):
    """`sentence` is in the person's language, names the matter and the remedy; `field` the input it belongs to."""

    status = 422

    def __init__(self, sentence: str, field: str | None = None, *, status: int | None = None, **extra: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.status = status or self.status
        self.extra = extra

    @property
    def errors(self) -> dict[str, str]:
        return {self.field or "": self.sentence}


class NotFound(Refused):
    """The thing is not there, or not for this person: the two look the same on purpose."""

    status = 404


class Forbidden(Refused):
    """The person may not do this."""

    status = 403


class Conflict(Refused):
    """Somebody was faster."""

    status = 409


class Several(Refused):
    """More than one rule said no: a form shows all of their sentences at once."""

    def __init__(self, refusals: Sequence[Refused]) -> None:
        first = refusals[0]
        super().__init__(" ".join(r.sentence for r in refusals), first.field, status=first.status)
        self.refusals = tuple(refusals)

    @property
    def errors(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for field, sentence in ((f, s) for refused in self.refusals for f, s in refused.errors.items()):
            found[field] = f"{found[field]} {sentence}" if field in found else sentence
        return found


def each(*checks: Callable[[], Any]) -> list[Any]:
    """What every check gives. Raises what the one that refused said, or Several when it was more than one."""
    values, refusals = [], []
    for check in checks:
        try:
            values.append(check())
        except Refused as refused:
            refusals.append(refused)
    raise_any(refusals)
    return values


async def each_awaited(*checks: Awaitable[Any]) -> list[Any]:
    """The same for checks that have to look something up, one after the other."""
    values, refusals = [], []
    for check in checks:
        try:
            values.append(await check)
        except Refused as refused:
            refusals.append(refused)
    raise_any(refusals)
    return values


def raise_any(refusals: Sequence[Refused]) -> None:
    """One as it is; more as Several."""
    if refusals:
        raise refusals[0] if len(refusals) == 1 else Several(refusals)
