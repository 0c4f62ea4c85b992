"""Facts: handlers run now, in the same transaction, each in a savepoint."""

import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

Handler = Callable[[AsyncSession, Any], Awaitable[None]]
log = logging.getLogger("centralita.bus")
_handlers: dict[type, list[Handler]] = defaultdict(list)


def listen(kind: type, handler: Handler) -> None:
    """Register a handler once; the host does this for every module's `on`."""
    if handler not in _handlers[kind]:
        _handlers[kind].append(handler)


def forget_all() -> None:
    """For a fresh host in the same process (tests)."""
    _handlers.clear()


async def emit(db: AsyncSession, fact: Any) -> None:
    """Tell a fact. A broken handler loses its own reaction, never the fact."""
    for handler in _handlers[type(fact)]:
        try:
            async with db.begin_nested():
                await handler(db, fact)
        except Exception:
            log.exception("handler %s failed on %s", handler.__qualname__, type(fact).__name__)
