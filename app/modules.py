"""The modules that come with the box. The one shared list."""

BUILTIN: tuple[str, ...] = (
    "app.home",
    "app.accounts",
    "app.notices",
    "app.contacts",
    "app.system",
    "app.devices",
)
