"""/api/v1/contacts/{id}/lock."""

from litestar import Controller, delete, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts import locks
from app.contacts.api.shapes import LockOut
from app.frame.api import problem_responses
from app.frame.auth import needs
from app.frame.office import Office


class Locks(Controller):
    """One person edits a contact at a time."""

    path = "/api/v1/contacts/{contact_id:int}/lock"
    tags = ["contacts"]

    @post(
        guards=[needs("contacts.edit")],
        operation_id="lockContact",
        summary="Lock a contact",
        status_code=200,
        description="Takes the lock or extends one's own. Answers 409 with `locked_by` when another person holds it.",
        responses=problem_responses(404, 409),
    )
    async def lock(
        self, contact_id: FromPath[int], db: NamedDependency[AsyncSession], office: NamedDependency[Office]
    ) -> LockOut:
        lock = await locks.lock_contact(db, contact_id, office.settings.lock_min)
        return LockOut(contact_id, lock.who, lock.until)

    @delete(
        guards=[needs("contacts.edit")],
        operation_id="unlockContact",
        summary="Release a contact",
        description="Gives one's own lock back; releasing what one does not hold is no error.",
        responses=problem_responses(404),
    )
    async def unlock(self, contact_id: FromPath[int], db: NamedDependency[AsyncSession]) -> None:
        await locks.unlock_contact(db, contact_id)
