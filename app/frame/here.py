"""What this request is: who, where from, which language. Reaches templates and sentences without being passed along."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from litestar.types import Empty
from litestar.utils.scope.state import ScopeState

from app.frame.actor import NOBODY, Actor

if TYPE_CHECKING:
    from app.frame.office import Office


@dataclass(slots=True, kw_only=True)
class Here:
    """The request as pages see it."""

    office: "Office | None" = None
    actor: Actor = NOBODY
    path: str = "/"
    partial: bool = False
    request_id: str = ""
    live_at: str = ""
    scope: Any = None

    @property
    def csrf(self) -> str:
        """The token that forms send back; empty where the path needs none."""
        if self.scope is None:
            return ""
        token = ScopeState.from_scope(self.scope).csrf_token
        return "" if token is Empty or token is None else str(token)


HERE: ContextVar[Here | None] = ContextVar("here", default=None)


def here() -> Here:
    return HERE.get() or Here()
