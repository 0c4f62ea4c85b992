"""The filters of /api/v1/contacts and /api/v1/exports: the same as the page's list has."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter
from sqlalchemy import select

from app.contacts.filters import HAS, Filters
from app.contacts.models import Status
from app.contacts.statuses import as_code, no_status
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.reader import Prepared
from app.frame.refused import Refused

ID = r"\d{1,18}"
ONE_OF = f"(?:{'|'.join(HAS)})"
Sort = Literal["", "-updated", "updated", "name", "-name", "-contacted", "contacted", "-created", "created", "status"]
Provenance = Literal["", "manual", "import", "generated", "inbound", "api"]
Day = Annotated[date | None, QueryParameter(description="A day of the office's time zone, from its beginning.")]
LastDay = Annotated[date | None, QueryParameter(description="A day of the office's time zone, to its end.")]


async def read_filters(
    office: NamedDependency[Office],
    q: Annotated[str, QueryParameter(max_length=200, description="Words or digits, anywhere in the contact.")] = "",
    status: Annotated[str, QueryParameter(max_length=400, description="Status codes, comma between.")] = "",
    owner: Annotated[str, QueryParameter(pattern=rf"^(?:me|none|{ID})?$", description="An id, `me` or `none`.")] = "",
    team: Annotated[
        str, QueryParameter(pattern=rf"^(?:mine|none|{ID})?$", description="An id, `mine` or `none`.")
    ] = "",
    tag: Annotated[str, QueryParameter(max_length=400, description="Tag names, comma between: any of them.")] = "",
    provenance: Annotated[Provenance, QueryParameter(description="How it came.")] = "",
    import_id: Annotated[int | None, QueryParameter(ge=0, le=2**62, description="What this import brought.")] = None,
    country: Annotated[str, QueryParameter(max_length=2, description="ISO code of the contact's country.")] = "",
    has: Annotated[
        str,
        QueryParameter(
            pattern=rf"^(?:{ONE_OF}(?:,{ONE_OF})*)?$", description=f"{', '.join(HAS)}; comma between: all of them."
        ),
    ] = "",
    blocked: Annotated[
        Literal["", "yes", "no"], QueryParameter(description="Whether they said not to contact them.")
    ] = "",
    created_from: Day = None,
    created_to: LastDay = None,
    contacted_from: Day = None,
    contacted_to: LastDay = None,
    updated_since: Annotated[
        datetime | None, QueryParameter(description="Only what changed at or after this instant.")
    ] = None,
    ids: Annotated[
        str, QueryParameter(pattern=r"^(?:\d{1,18}(?:,\d{1,18}){0,511})?$", description="Only these, comma between.")
    ] = "",
    sort: Annotated[Sort, QueryParameter(description="Newest change first; newest contact first with `q`.")] = "",
) -> Filters:
    """Raises Refused for a time without a zone and for a status that there is not."""
    if updated_since is not None and updated_since.tzinfo is None:
        raise Refused(_("Escriba la fecha con su zona horaria, por ejemplo 2026-11-24T08:00:00Z."), "updated_since")
    codes = tuple(map(as_code, split(status)))
    await _refuse_unknown(office, codes)
    return Filters(
        q=q, status=codes, owner=owner, team=team, tag=split(tag), provenance=provenance, import_id=import_id,
        country=country, has=split(has), blocked=blocked, created_from=created_from, created_to=created_to,
        contacted_from=contacted_from, contacted_to=contacted_to, updated_since=updated_since,
        ids=tuple(map(int, split(ids))), sort=sort,
    )  # fmt: skip


FILTERED: dict[str, Any] = {"filters": Provide(read_filters)}
CODES = Prepared(lambda: select(Status.code).order_by(Status.priority, Status.id), str)


async def _refuse_unknown(office: Office, codes: tuple[str, ...]) -> None:
    """A misspelled status would else look like an office in which nobody has it."""
    if not codes:
        return
    known: list[str] = await office.database.reader.fetch(CODES)
    if wrong := next((code for code in codes if code not in known), ""):
        raise no_status(wrong, known)


def split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
