"""/ajustes/oficina: the office's own values."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency

from app.accounts import matrix
from app.accounts.cache import forget_actors
from app.accounts.countries import countries, is_country, zone_options
from app.accounts.opening import Opening, check_opening
from app.frame import live
from app.frame.auth import needs
from app.frame.forms import Form, blank, read, refuse
from app.frame.i18n import LANGUAGES, PLACE
from app.frame.office import Office
from app.frame.pages import fragment, go, page
from app.frame.profile import save_values
from app.frame.refused import Refused

AnyRequest = Request[Any, Any, Any]
Line = Annotated[str, msgspec.Meta(max_length=120)]


class OfficeForm(msgspec.Struct):
    """Name, country, zone, language, and whether everybody needs a second factor."""

    office: Line
    country: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]
    timezone: Line
    language: Line
    require_2fa: bool = False


@get("/ajustes/oficina", guards=[needs("office.edit")], include_in_schema=False)
async def office_page(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """The office as it is."""
    now = office.profile
    form = blank(
        office=now.name, country=now.country, timezone=now.timezone, language=now.language, require_2fa=now.require_2fa
    )
    return page(request, "accounts/office.html", form=form, **_choices(now.country))


@post("/ajustes/oficina", guards=[needs("office.edit")], include_in_schema=False, status_code=200)
async def save_office(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Save; from the next request on everybody sees it."""
    form = read(OfficeForm, await request.form())
    if not form.ok:
        return _again(form)
    said = form.value
    try:
        checked = check_opening(
            Opening(name=said.office, country=said.country, timezone=said.timezone, language=said.language)
        )
    except Refused as refused:
        return _again(refuse(form, refused))
    async with office.database.unit(actor=request.user) as db:
        await save_values(
            db, require_2fa=said.require_2fa, **{f: getattr(checked, f) for f in checked.__struct_fields__}
        )
        forget_actors(db)
        live.nudge(db, matrix.TOPIC)
    await office.reload()
    return go("/ajustes/oficina", request)


@get("/ajustes/oficina/zona", guards=[needs("office.edit")], include_in_schema=False)
async def office_zone(request: AnyRequest) -> Response[str]:
    """The zones of the country that was just chosen."""
    country = request.query_params.get("country", "")
    choices = _choices(country)
    return fragment("accounts/_zone.html", form=blank(timezone=choices["zones"][0][0]), zones=choices["zones"])


def _choices(country: str) -> dict[str, Any]:
    language = PLACE.get().language
    return {
        "countries": countries(language),
        "zones": zone_options(country if is_country(country) else "CR", language),
        "language_options": tuple(LANGUAGES.items()),
    }


def _again(form: Form[Any]) -> Response[str]:
    return fragment("accounts/_office.html", status=422, form=form, **_choices(str(form.get("country"))))


routes = (office_page, save_office, office_zone)
