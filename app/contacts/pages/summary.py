"""The panel of contacts on the home page."""

from litestar import Response, get
from litestar.di import NamedDependency
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.figures import figures
from app.frame.auth import needs
from app.frame.pages import fragment


@get("/contactos/resumen", guards=[needs("contacts.view")], include_in_schema=False)
async def summary(db: NamedDependency[AsyncSession]) -> Response[str]:
    """Figures and statuses, fresh at each change."""
    return fragment("contacts/_summary.html", figures=await figures(db))
