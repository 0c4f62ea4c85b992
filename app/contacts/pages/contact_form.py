"""The contact form: what was typed, and what it means for the service."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Annotated, Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import people, teams
from app.contacts.fields import all_fields
from app.contacts.models import CHANNELS, Contact
from app.contacts.service import AddressIn, ContactIn
from app.contacts.statuses import START, all_statuses
from app.frame.forms import Form, blank, read
from app.frame.i18n import N_

Text = Annotated[str, msgspec.Meta(max_length=200)]
CHANNEL_TITLES = {
    "phone": N_("Teléfono"),
    "whatsapp": N_("WhatsApp"),
    "email": N_("Correo"),
    "telegram": N_("Telegram"),
    "messenger": N_("Messenger"),
    "instagram": N_("Instagram"),
    "sms": N_("SMS"),
    "other": N_("Otro"),
}
SPARE_ROWS = 1


class ContactForm(msgspec.Struct, kw_only=True):
    """One field per input; addresses come as three parallel lists."""

    name: Text = ""
    company: Text = ""
    is_company: bool = False
    status: str = START
    notes: Annotated[str, msgspec.Meta(max_length=20_000)] = ""
    tags: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    owner_id: int | None = None
    team_id: int | None = None
    country: Annotated[str, msgspec.Meta(max_length=2)] = ""
    version: int = 0
    address_channel: list[str] = []
    address_value: list[str] = []
    address_label: list[str] = []


def read_contact_form(data: Mapping[str, Any]) -> Form[ContactForm]:
    """Keeps what was typed in the office's own fields as well."""
    form = read(ContactForm, data)
    form.raw |= {key: str(value) for key, value in data.items() if key.startswith("custom.")}
    form.raw["rows"] = _rows(form.raw)
    return form


def _rows(raw: dict[str, Any]) -> list[tuple[str, str, str]]:
    lists = [raw.get(f"address_{part}") or [] for part in ("channel", "value", "label")]
    return list(zip_longest(*lists, fillvalue=""))


def blank_form() -> Form[Any]:
    return blank(status=START, rows=[("phone", "", ""), ("email", "", "")])


def filled_form(contact: Contact) -> Form[Any]:
    """The form of a stored contact, with a spare row for one more address."""
    rows = [(a.channel, a.external_id, a.label) for a in contact.addresses]
    own = {f"custom.{key}": value for key, value in contact.custom.items()}
    return blank(
        name=contact.name,
        company=contact.company,
        is_company=contact.is_company,
        status=contact.status.code,
        notes=contact.notes,
        tags=", ".join(contact.tags),
        owner_id=contact.owner_id or "",
        team_id=contact.team_id or "",
        country=contact.country,
        version=contact.version,
        rows=rows + [("phone", "", "")] * SPARE_ROWS,
        **own,
    )


def _addresses(form: ContactForm) -> list[AddressIn]:
    rows = zip_longest(form.address_channel, form.address_value, form.address_label, fillvalue="")
    return [AddressIn(channel, value, label[:40]) for channel, value, label in rows if value and channel in CHANNELS]


def _custom(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key.removeprefix("custom."): value for key, value in data.items() if key.startswith("custom.")}


def to_contact(form: ContactForm, data: Mapping[str, Any]) -> ContactIn:
    plain = {f: getattr(form, f) for f in ("name", "company", "is_company", "status", "notes", "owner_id", "team_id")}
    tags, country = form.tags.split(","), form.country.upper()
    return ContactIn(**plain, tags=tags, country=country, custom=_custom(data), addresses=_addresses(form))


def to_wanted(form: ContactForm, data: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Every field of the form; empty ones clear. Own fields that the form did not show (retired ones) stay."""
    given = to_contact(form, data)
    unseen = {key: value for key, value in stored.items() if f"custom.{key}" not in data}
    return {f: getattr(given, f) for f in given.__struct_fields__} | {"custom": unseen | given.custom}


async def choices(db: AsyncSession) -> dict[str, Any]:
    """What the selects of the form offer."""
    return {
        "statuses": [(s.code, s.title) for s in await all_statuses(db) if s.active],
        "people": [(p.id, p.name) for p in await people(db, active=True)],
        "teams": [(t.id, t.name) for t in await teams(db)],
        "fields": await all_fields(db),
        "channels": list(CHANNEL_TITLES.items()),
    }
