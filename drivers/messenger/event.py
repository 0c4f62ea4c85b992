"""One event between a person and us, whoever of the two sent it."""

from datetime import datetime
from typing import Any

from drivers.contract import Inbound, Party
from drivers.meta.reading import Fields, milliseconds, text


class Event:
    """`owner`: the page or Instagram account. `at`: when the webhook came."""

    def __init__(self, channel: str, owner: str, said: Fields, at: datetime) -> None:
        self.channel = channel
        self.owner = owner
        self.said = said
        self.at = milliseconds(said, "timestamp") or at
        self.sender = text(said, "sender", "id")
        self.recipient = text(said, "recipient", "id")

    @property
    def person(self) -> str:
        """The one of the two that is not us."""
        return self.recipient if self.sender == self.owner else self.sender

    def inbound(self, external_id: str, **fields: Any) -> Inbound:
        """From sender to recipient; `fields` as the kinds read them."""
        sender, to = _party(self.sender), _party(self.recipient)
        return Inbound(
            external_id=external_id, channel=self.channel, sender=sender, to=(to,) if to else (), sent_at=self.at,
            raw=self.said, **fields,
        )  # fmt: skip


def _party(address: str) -> Party | None:
    return Party(address=address) if address else None
