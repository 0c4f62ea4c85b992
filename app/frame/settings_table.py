"""The settings as a table: the README repeats it and a test compares the two."""

from pathlib import Path

import msgspec


class Setting(msgspec.Struct, frozen=True):
    """One variable: its name in the environment, the field it fills, its type, default as shown and meaning."""

    variable: str
    name: str
    type: type
    default: str
    help: str


SETTINGS = (
    Setting("CENTRALITA_HOST", "host", str, "127.0.0.1", "Address to listen on."),
    Setting("CENTRALITA_PORT", "port", int, "8000", "Port to listen on."),
    Setting("CENTRALITA_DATA", "data", Path, "data", "Data folder: database, uploads, backups, secret."),
    Setting(
        "CENTRALITA_DATABASE_URL",
        "database_url",
        str,
        "SQLite in the data folder",
        "Database: `postgresql+asyncpg://…` or `postgresql+psycopg://…` for PostgreSQL.",
    ),
    Setting(
        "CENTRALITA_BASE_URL",
        "base_url",
        str,
        "http://HOST:PORT",
        "Address people type; https turns on secure cookies.",
    ),
    Setting(
        "CENTRALITA_SECRET",
        "secret",
        str,
        "made at first run",
        "Signs tokens and seals secrets; or `CENTRALITA_SECRET_FILE`.",
    ),
    Setting("CENTRALITA_COUNTRY", "country", str, "CR", "Country when the set-up is completed without the wizard."),
    Setting("CENTRALITA_LOG_LEVEL", "log_level", str, "INFO", "DEBUG, INFO, WARNING or ERROR."),
    Setting("CENTRALITA_BACKUP_INTERVAL_MIN", "backup_interval_min", int, "30", "Minutes between backups."),
    Setting("CENTRALITA_BACKUP_KEEP_DAYS", "backup_keep_days", int, "7", "Days a backup is kept."),
    Setting("CENTRALITA_LOCK_MIN", "lock_min", int, "10", "Minutes an opened contact stays locked."),
    Setting("CENTRALITA_SESSION_H", "session_h", int, "24", "Hours a session and an access token live."),
    Setting(
        "CENTRALITA_RATE_LOGIN_PER_MIN", "rate_login_per_min", int, "10", "Login attempts a minute from one address."
    ),
    Setting("CENTRALITA_RATE_API_PER_MIN", "rate_api_per_min", int, "600", "API requests a minute for one key."),
    Setting("CENTRALITA_UPLOAD_MAX_MB", "upload_max_mb", int, "100", "Largest uploaded file in MB; 100 at most."),
    Setting(
        "CENTRALITA_CHANNELS_URL",
        "channels_url",
        str,
        "memory",
        "Channel between processes: `redis://…` or `postgresql://…`.",
    ),
    Setting(
        "CENTRALITA_TRUSTED_PROXIES",
        "trusted_proxies",
        str,
        "none",
        "Proxies whose X-Forwarded-* headers count, by comma.",
    ),
)
