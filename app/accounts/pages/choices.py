"""Options of the selects, with words in the reader's language."""

from app.accounts.people import ROLE_TITLES
from app.frame.actor import Actor
from app.frame.i18n import _
from app.frame.office import Office

SCOPES = ("", "own", "team", "all")


def role_options() -> list[tuple[str, str]]:
    return [(role, _(title)) for role, title in ROLE_TITLES.items()]


def scope_options(scoped: bool) -> list[tuple[str, str]]:
    """What a cell of the matrix may say."""
    if not scoped:
        return [("", _("No")), ("all", _("Sí"))]
    words = {"": _("No"), "own": _("Lo propio"), "team": _("Su equipo"), "all": _("Todo")}
    return [(scope, words[scope]) for scope in SCOPES]


def permission_titles(office: Office, actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """(module, [(permission, words)]) of what the actor holds."""
    groups = []
    for module in office.modules.values():
        held = [(p.name, _(p.title)) for p in module.permissions if actor.may(p.name)]
        if held:
            groups.append((_(module.title), held))
    return groups
