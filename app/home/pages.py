"""GET /: what this person may see at a glance."""

from typing import Any

from litestar import Request, Response, get

from app.frame.auth import signed_in
from app.frame.pages import page


@get("/", guards=[signed_in], include_in_schema=False)
async def home(request: Request[Any, Any, Any]) -> Response[str]:
    """The panels that modules offer to this person."""
    return page(request, "home/page.html")
