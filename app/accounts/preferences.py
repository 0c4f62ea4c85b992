"""What each person chooses for themselves."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.cache import forget_actors
from app.accounts.models import User
from app.frame import audit
from app.frame.i18n import LANGUAGES, _
from app.frame.refused import Refused

THEMES = ("", "light", "dark")


async def prefer(
    db: AsyncSession,
    user: User,
    *,
    locale: str | None = None,
    theme: str | None = None,
    single_keys: bool | None = None,
) -> None:
    """Change what is given. Raises Refused for a language or theme that we do not have."""
    if locale not in (None, "", *LANGUAGES):
        raise Refused(_("Elija uno de los idiomas."), "locale")
    if theme not in (None, *THEMES):
        raise Refused(_("Elija uno de los temas."), "theme")
    wanted = {"locale": locale, "theme": theme, "single_keys": single_keys}
    before = {name: getattr(user, name) for name in wanted}
    changed = {name: value for name, value in wanted.items() if value is not None and value != before[name]}
    for name, value in changed.items():
        setattr(user, name, value)
    if changed:
        audit.record(db, "preferences.changed", "person", user.id, {n: before[n] for n in changed}, changed)
        forget_actors(db)
