"""Static files, served as they lie; their addresses carry a hash, so browsers may keep them."""

from pathlib import Path

from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router

from app.frame.auth import public

STATIC = Path(__file__).parents[2] / "web" / "static"

static_routes = [
    create_static_files_router(
        "/static",
        [STATIC],
        guards=[public],
        cache_control=CacheControlHeader(max_age=31536000, public=True, immutable=True),
        include_in_schema=False,
        opt={"exclude_from_csrf": True},
    )
]
