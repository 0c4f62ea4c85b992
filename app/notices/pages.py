"""/avisos: the bell in the shell and the list behind it."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy.ext.asyncio import AsyncSession

from app.frame.auth import needs
from app.frame.pages import fragment, page
from app.notices.service import KEPT, SEEN, TOPIC, have_seen, notices_of, unseen

AnyRequest = Request[Any, Any, Any]
VIEW = needs("notices.view")


@get("/avisos", guards=[VIEW], include_in_schema=False)
async def notices_page(request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
    """All of them; the page itself says afterwards that they were seen."""
    return page(request, "notices/page.html", kept=KEPT, **await _list(request, db))


@get("/avisos/lista", guards=[VIEW], include_in_schema=False)
async def notices_list(request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
    return fragment("notices/_list.html", **await _list(request, db))


async def _list(request: AnyRequest, db: AsyncSession) -> dict[str, Any]:
    return {"notices": await notices_of(db), "topic": f"{TOPIC}{request.user.user_id}"}


@get("/avisos/campana", guards=[VIEW], include_in_schema=False)
async def bell(request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
    """The bell, with how many wait."""
    return fragment(
        "notices/_bell.html", unseen=await unseen(db), topics=[f"{t}{request.user.user_id}" for t in (TOPIC, SEEN)]
    )


@post("/avisos/vistos", guards=[VIEW], include_in_schema=False, status_code=204)
async def seen(db: NamedDependency[AsyncSession]) -> None:
    """The list was on the screen. What is new in it stays marked until the page is left."""
    await have_seen(db)


routes = (notices_page, notices_list, bell, seen)
