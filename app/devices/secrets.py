"""The secret half of a device's settings, sealed for that device alone."""

from collections.abc import Mapping
from typing import Any

import msgspec

from app.devices.models import Device
from app.frame.vault import Vault
from drivers.contract import Settings, fields


def purpose(device_id: int) -> str:
    """A sealed text that is copied to another device's row does not open there."""
    return f"device-{device_id}"


def names(kind: type[Settings]) -> set[str]:
    return {f.name for f in fields(kind) if f.secret}


def split(settings: Settings) -> tuple[dict[str, Any], dict[str, str]]:
    """What may be read in the database, and what may not."""
    secret = names(type(settings))
    values = msgspec.to_builtins(settings)
    plain = {k: v for k, v in values.items() if k not in secret}
    return plain, {k: v for k, v in values.items() if k in secret and v}


def seal(vault: Vault, device_id: int, secret: Mapping[str, str]) -> bytes | None:
    return vault.seal(msgspec.json.encode(secret).decode(), purpose(device_id)) if secret else None


def unseal(vault: Vault, device: Device) -> dict[str, str]:
    """Raises VaultError when the office's secret is another one now."""
    if device.sealed is None:
        return {}
    return msgspec.json.decode(vault.open(device.sealed, purpose(device.id)), type=dict[str, str])


def whole(vault: Vault, device: Device, kind: type[Settings]) -> Settings:
    """The settings a driver is made from. Settings of an older version that the driver no longer knows are left out.

    Raises VaultError, msgspec.ValidationError.
    """
    known = {f.name for f in fields(kind)}
    values = {k: v for k, v in device.settings.items() if k in known} | unseal(vault, device)
    return msgspec.convert(values, kind)
