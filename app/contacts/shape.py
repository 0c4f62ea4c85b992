"""What decides the SQL text of a list: filters, order, place in the list, and the way a search goes."""

import msgspec

from app.contacts.searching import Terms


class Order(msgspec.Struct, frozen=True):
    """How a sort reads: its column, whether it goes down, whether it may be empty, whether it is an instant."""

    column: str
    down: bool
    empty: bool = False
    instant: bool = False


ORDERS = {
    "-updated": Order("updated_at", True, instant=True),
    "updated": Order("updated_at", False, instant=True),
    "name": Order("name_key", False),
    "-name": Order("name_key", True),
    "-created": Order("id", True),
    "created": Order("id", False),
    "-contacted": Order("last_contacted_at", True, True, True),
    "contacted": Order("last_contacted_at", False, True, True),
    "status": Order("status_id", False),
}


class Shape(msgspec.Struct, frozen=True):
    """Everything that decides the SQL text; statements are built once per shape."""

    dialect: str
    names: tuple[str, ...]
    fragments: int
    beginnings: int
    sort: str
    phase: str
    kind: str = "row"
    fields: tuple[str, ...] = ()
    way: str = ""

    @property
    def terms(self) -> Terms:
        """As many words as the search has; which ones, its parameters say."""
        return Terms(("x",) * self.fragments, ("x",) * self.beginnings)

    @property
    def by_newest(self) -> bool:
        """Whether a search shows its newest matches first, which is its usual order."""
        return bool(self.terms) and self.sort == "-created"
