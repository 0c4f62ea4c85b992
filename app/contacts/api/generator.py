"""/api/v1/generator, and the older tool's /api/generate_contacts: possible numbers of Costa Rica."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.generator import LARGEST_BATCH, Generated
from app.contacts.generator.service import Asked, make_numbers, save_numbers
from app.contacts.phones import display
from app.frame.api import problem_responses
from app.frame.auth import needs
from app.frame.idempotency import IdempotencyKey, idempotent

AnyRequest = Request[Any, Any, Any]
GENERATE = needs("contacts.generate")
Amount = Annotated[int, msgspec.Meta(ge=1, le=LARGEST_BATCH, description="How many, 1 to 1,000.")]
Method = Literal["stratified", "simple", "random"]


class NumbersWanted(msgspec.Struct, forbid_unknown_fields=True):
    """What to generate. The same `seed` gives the same numbers; `save` keeps them as contacts."""

    amount: Amount
    method: Method = "stratified"
    seed: Annotated[str, msgspec.Meta(max_length=80)] | int = ""
    save: bool = False
    tags: Annotated[list[Annotated[str, msgspec.Meta(max_length=60)]], msgspec.Meta(max_length=20)] = []


class Number(msgspec.Struct):
    """A number in E.164, whose range it is in, and as people write it."""

    number: str
    operator: str
    formatted: str


class Numbers(msgspec.Struct):
    """A batch; `batch_id` undoes it as one, null when nothing was saved."""

    count: int
    saved: int
    batch_id: int | None
    phones: list[Number]


class OlderWanted(msgspec.Struct):
    """What the older clients send."""

    amount: Amount
    method: Method = "stratified"
    save: bool = False


class OlderNumbers(msgspec.Struct):
    """What they expect back."""

    success: bool
    count: int
    saved: int
    phones: list[Number]


@post(
    "/api/v1/generator",
    guards=[GENERATE],
    operation_id="generateNumbers",
    summary="Generate numbers",
    description="Exactly as many as asked, none of them a contact's or blocked. Saved ones have provenance "
    "`generated` and no consent: people may call them, bulk messages never reach them.",
    status_code=200,
    tags=["generator"],
    responses=problem_responses(400, 422),
)
@idempotent
async def generator(
    request: AnyRequest, data: JSONBody[NumbersWanted], db: NamedDependency[AsyncSession],
    idempotency_key: IdempotencyKey = None,
) -> Numbers:  # fmt: skip
    asked = Asked(amount=data.amount, method=data.method, seed=str(data.seed))
    return await _numbers(db, asked, data.save, data.tags)


@post(
    "/api/generate_contacts",
    guards=[GENERATE],
    operation_id="olderGenerateContacts",
    summary="Generate numbers, the older way",
    description="New clients use /api/v1/generator.",
    status_code=200,
    tags=["older tool"],
    opt={"api": True, "exclude_from_csrf": True},
    responses=problem_responses(400, 422),
)
@idempotent
async def older_generator(
    request: AnyRequest, data: JSONBody[OlderWanted], db: NamedDependency[AsyncSession],
    idempotency_key: IdempotencyKey = None,
) -> OlderNumbers:  # fmt: skip
    made = await _numbers(db, Asked(amount=data.amount, method=data.method), data.save, [])
    return OlderNumbers(True, made.count, made.saved, made.phones)


async def _numbers(db: AsyncSession, asked: Asked, save: bool, tags: list[str]) -> Numbers:
    if not save:
        made = await make_numbers(db, asked)
        return Numbers(len(made), 0, None, _shown(made))
    batch, made = await save_numbers(db, asked, tags)
    return Numbers(len(made), len(made), batch.id, _shown(made))


def _shown(made: list[Generated]) -> list[Number]:
    return [Number(one.e164, one.operator, display(one.e164)) for one in made]
