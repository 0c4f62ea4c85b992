"""What the web process hands to the child; light, so that the web process may import it."""

import msgspec

from app.contacts.statuses import START


class Options(msgspec.Struct, kw_only=True):
    """Choices of one import. mode: skip, fill (blanks only) or overwrite. blocked: skip or keep.

    `people` are folded names and their ids, for a column that says whose a contact is.
    """

    mode: str = "fill"
    status: str = START
    owner_id: int | None = None
    team_id: int | None = None
    tags: list[str] = []
    blocked: str = "skip"
    region: str = "CR"
    people: dict[str, int] = {}


class Task(msgspec.Struct, kw_only=True):
    """What the parent hands over."""

    import_id: int = 0
    database: str = ""
    path: str
    filename: str
    sheet: str | None = None
    header_row: int | None = None
    mapping: dict[str, str] = {}
    options: Options = msgspec.field(default_factory=Options)
    batch_id: int = 0
    user_id: int | None = None
    who: str = ""
    trusted: bool = False
