"""What the box is told from outside: CENTRALITA_* variables, or NAME_FILE for a secret in a file."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec

from app.frame.settings_table import SETTINGS, Setting


class BadSetting(Exception):
    """A variable that cannot be used; the text names it and says what is expected."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Effective settings. Durations carry their unit in the name."""

    host: str = "127.0.0.1"
    port: int = 8000
    data: Path = Path("data")
    database_url: str = ""
    base_url: str = ""
    secret: str = ""
    country: str = "CR"
    log_level: str = "INFO"
    backup_interval_min: int = 30
    backup_keep_days: int = 7
    lock_min: int = 10
    session_h: int = 24
    rate_login_per_min: int = 10
    rate_api_per_min: int = 600
    upload_max_mb: int = 100
    channels_url: str = ""
    trusted_proxies: str = ""

    @property
    def database(self) -> str:
        """The database address; a SQLite file in the data folder unless told otherwise."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data / 'centralita.db'}"

    @property
    def is_sqlite(self) -> bool:
        return self.database.startswith("sqlite")

    @property
    def database_file(self) -> Path:
        """The SQLite file. Only meaningful when `is_sqlite`."""
        return Path(self.database.removeprefix("sqlite+aiosqlite:///"))

    @property
    def url(self) -> str:
        """The address people type; no trailing slash."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def https(self) -> bool:
        return self.url.startswith("https://")


def _raw(name: str, environ: Mapping[str, str]) -> str | None:
    if value := environ.get(name):
        return value
    if path := environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise BadSetting(f"{name}_FILE: cannot read {path} ({error.strerror}).") from error
    return None


def _convert(setting: Setting, raw: str) -> object:
    if setting.type is Path:
        return Path(raw)
    try:
        return msgspec.convert(raw, setting.type, strict=False)
    except msgspec.ValidationError as error:
        raise BadSetting(f"{setting.variable}: {raw!r} is not valid ({error}). {setting.help}") from error


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; makes the data folder and the secret on first use.

    Raises: BadSetting with one sentence that names the variable.
    """
    given = {s.name: _convert(s, raw) for s in SETTINGS if (raw := _raw(s.variable, environ)) is not None}
    settings = msgspec.structs.replace(Settings(), **given)
    _make_folder(settings.data)
    settings = msgspec.structs.replace(settings, data=settings.data.resolve())
    return settings if settings.secret else msgspec.structs.replace(settings, secret=_own_secret(settings.data))


def _make_folder(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        writable = os.access(data, os.W_OK | os.X_OK)
    except OSError as error:
        raise BadSetting(f"CENTRALITA_DATA: {data} cannot be used as a folder ({error.strerror}).") from error
    if not writable:
        raise BadSetting(
            f"CENTRALITA_DATA: nothing can be written in {data}. Give this user the right, or choose another."
        )


def _own_secret(data: Path) -> str:
    path = data / "secret"
    if path.exists():
        return path.read_text().strip()
    secret = secrets.token_urlsafe(48)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secret)
    return secret
