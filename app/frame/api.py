"""What every operation of the API shares: documented errors, page limits."""

from typing import Annotated

import msgspec
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter

WHY = {
    400: "The body could not be read",
    401: "No valid key or token",
    403: "The key or person lacks the permission",
    404: "It is not there, or out of reach",
    409: "It clashes with what is stored",
    412: "It changed since it was read (If-Match)",
    413: "The file is too large",
    415: "The content type is not accepted",
    422: "Some fields have to be mended; `errors` says which",
    429: "Too many requests; wait `Retry-After` seconds",
}


class FieldProblem(msgspec.Struct):
    """One field to mend."""

    field: str
    detail: str


class Problem(msgspec.Struct, omit_defaults=True):
    """Problem details, RFC 9457. `reference` finds the request in the log."""

    title: str
    status: int
    type: str = "about:blank"
    detail: str = ""
    errors: list[FieldProblem] = []
    reference: str = ""


def problem_responses(*statuses: int) -> dict[int, ResponseSpec]:
    """The error answers of an operation, for its `responses`. 401, 403 and 429 are always among them."""
    return {
        status: ResponseSpec(
            data_container=Problem,
            description=WHY[status],
            media_type="application/problem+json",
            generate_examples=False,
        )
        for status in sorted({401, 403, 429, *statuses})
    }


Limit = Annotated[int, QueryParameter(ge=1, le=200, description="Rows on a page, 1 to 200.")]
After = Annotated[str, QueryParameter(max_length=400, description="The `next` of the page before.")]
