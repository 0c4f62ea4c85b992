"""Stored addresses in the shape in which new ones are checked."""

from app.contacts.addresses import Exact
from app.contacts.models import Address


def stored_exact(address: Address) -> Exact:
    return Exact(address.channel, address.external_id, address.match, address.operator, address.label)
