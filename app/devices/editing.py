"""The form of one line: what goes into its template, and how it comes back."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from msgspec import Struct

from app.devices import form, kinds, secrets
from app.devices.models import Device
from app.frame import forms
from app.frame.forms import Again, Form
from app.frame.i18n import _
from app.frame.refused import NotFound, Refused
from app.frame.vault import Vault, VaultError
from drivers.contract import NeedsHuman, Settings

TEMPLATE = "devices/_form.html"


class Submitted(Struct, frozen=True, kw_only=True):
    """A form that may be right."""

    kind: str
    name: str
    form: Form[Settings]
    context: dict[str, Any]

    @property
    def value(self) -> Settings:
        return self.form.value


def driver_of(kind: str) -> kinds.AnyDriver:
    try:
        return kinds.load(kind)
    except NeedsHuman as error:
        raise NotFound(_(error.sentence, **error.facts)) from error


def editor(kind: str, device: Device | None = None, vault: Vault | None = None) -> dict[str, Any]:
    """What the template needs, for a new line or one that is there."""
    driver = driver_of(kind)
    values, stored = (device.settings, set(_stored(vault, device))) if device else ({}, set())
    name = device.name if device else _(driver.title)
    return {
        "kind": kinds.describe(kind), "device": device, "inputs": form.draw(driver.Settings, values, stored),
        "form": forms.blank(**{form.NAME: name}), "clear": form.CLEAR,
    }  # fmt: skip


def _stored(vault: Vault | None, device: Device | None) -> dict[str, str]:
    """The secrets a line has; none when they cannot be opened: they have to be typed again."""
    if vault is None or device is None:
        return {}
    try:
        return secrets.unseal(vault, device)
    except VaultError:
        return {}


def submitted(
    kind: str, typed: Mapping[str, Any], device: Device | None = None, vault: Vault | None = None
) -> Submitted:
    """What was typed. Nothing raises here but an unknown kind: errors are in the form."""
    read = form.read(driver_of(kind).Settings, typed, _stored(vault, device))
    context = editor(kind, device, vault) | {"form": read}
    return Submitted(kind=kind, name=str(read.raw[form.NAME]), form=read, context=context)


async def edit(given: Submitted, verb: Callable[[], Awaitable[Device]]) -> Device:
    """Run the service's verb; every refusal shows the form again with its sentence."""
    if not given.form.ok:
        raise Again(TEMPLATE, **given.context)
    try:
        return await verb()
    except Refused as refused:
        again = given.context | {"form": forms.refuse(given.form, refused)}
        raise Again(TEMPLATE, status=refused.status, **again) from refused
