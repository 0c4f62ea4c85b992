"""The side navigation: entries of all modules that this person may use."""

from typing import Any

from app.frame.here import here
from app.frame.i18n import N_, _

GROUPS = (("operation", N_("Operación")), ("management", N_("Gestión")), ("system", N_("Sistema")))


def navigation(path: str) -> list[dict[str, Any]]:
    """Groups of entries: [{"title", "items": [{"title","url","icon","key","current"}]}]; empty groups are left out."""
    office, actor = here().office, here().actor
    assert office is not None
    entries = [n for m in office.modules.values() for n in m.nav if actor.may(n.permission)]
    groups = []
    for group, title in GROUPS:
        items = [
            {"title": _(n.title), "url": n.url, "icon": n.icon, "key": n.key, "current": _within(path, n.url)}
            for n in entries
            if n.group == group
        ]
        if items:
            groups.append({"title": _(title), "items": items})
    return groups


def _within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
