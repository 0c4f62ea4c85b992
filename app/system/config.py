"""The settings in force, fit to be shown: no secret, no password inside an address."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec

from app.frame.settings import Settings

HIDDEN = "•••"


def effective(settings: Settings) -> dict[str, Any]:
    """Every setting by name, with what is derived from them."""
    shown: dict[str, Any] = msgspec.to_builtins(settings, enc_hook=str)
    shown |= {"secret": HIDDEN, "database_url": without_password(settings.database)}
    return shown | {"channels_url": without_password(settings.channels_url), "base_url": settings.url}


def without_password(url: str) -> str:
    """The address with its password hidden, wherever it stands."""
    parts = urlsplit(url)
    place = parts.netloc
    if parts.password is not None:
        who, _at, where = place.rpartition("@")
        place = f"{who.partition(':')[0]}:{HIDDEN}@{where}"
    query = "&".join(_quiet(pair) for pair in parts.query.split("&")) if parts.query else ""
    return urlunsplit(parts._replace(netloc=place, query=query)) if place or query else url


def _quiet(pair: str) -> str:
    name, equals, _value = pair.partition("=")
    return f"{name}={HIDDEN}" if equals and "pass" in name.lower() else pair
