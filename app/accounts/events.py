"""What happens to the office and its people."""

import msgspec


class OfficeOpened(msgspec.Struct, frozen=True):
    """The set-up is complete: modules put down what an office starts with. Same transaction as the set-up."""

    country: str
    timezone: str
    language: str
    admin_id: int


class PersonCreated(msgspec.Struct, frozen=True):
    """Somebody new, able to work or invited."""

    user_id: int
    role: str


class PersonDisabled(msgspec.Struct, frozen=True):
    """Somebody left; open work may be given to others."""

    user_id: int


class TeamDeleted(msgspec.Struct, frozen=True):
    """A team without people is gone; what belonged to it belongs to no team any more."""

    team_id: int
