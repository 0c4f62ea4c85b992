"""What becomes of a team's contacts when the team goes: they belong to none, as a bulk change that history keeps."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.events import TeamDeleted
from app.contacts.bulk import MOST, start_bulk
from app.contacts.models import Contact


async def leave_team(db: AsyncSession, gone: TeamDeleted) -> None:
    """Else nobody but managers would see them again."""
    theirs = select(Contact.id).where(Contact.team_id == gone.team_id, Contact.deleted_at.is_(None)).limit(MOST)
    if ids := list(await db.scalars(theirs)):
        await start_bulk(db, ids, {"team_id": None})
