"""What holds for somebody who is already known: how often a program may ask, what a person must do first."""

from typing import TYPE_CHECKING

from app.frame.actor import Actor
from app.frame.i18n import _
from app.frame.refused import Refused
from app.frame.throttle import Throttle

if TYPE_CHECKING:
    from app.frame.office import Office

NAME = "accounts.limits"
MUST_PAGES = {"password": "/ajustes/clave", "2fa": "/ajustes/verificacion"}
ALWAYS = ("/salir", "/static/", "/ajustes/tema", "/idioma/", "/entrar", "/sesion")


class MustFirst(Refused):
    """Something comes first; `extra["url"]` is where it is done."""

    status = 403


class Limits:
    """The API budget of this process, by key (or by person for tokens)."""

    def __init__(self, per_minute: int) -> None:
        self.throttle = Throttle(per_minute, 60.0)

    def spend(self, actor: Actor) -> None:
        """Raises Refused 429 with `retry_after_s`."""
        who = f"key-{actor.key_id}" if actor.key_id else f"person-{actor.user_id}"
        if wait_s := self.throttle.hit(who):
            raise Refused(_("Demasiadas solicitudes. Espere %(n)s s.", n=wait_s), status=429, retry_after_s=wait_s)


def limits_of(office: "Office") -> Limits:
    limits: Limits | None = office.state.get(NAME)
    if limits is None:
        limits = office.state[NAME] = Limits(office.settings.rate_api_per_min)
    return limits


def check_must(actor: Actor, path: str) -> None:
    """Raises MustFirst on every page but the one where it is done."""
    page = MUST_PAGES[actor.must]
    if path.startswith((page, *ALWAYS)):
        return
    raise MustFirst(_("Complete antes su cuenta."), url=page)
