"""What becomes of a team's contacts when the team goes: they belong to none, as a bulk change that history keeps.

A bulk change leaves out those that somebody edits at that moment, those in the bin and those beyond its limit: the
night finds them.
"""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.events import TeamDeleted
from app.accounts.service import teams
from app.contacts.bulk import MOST, start_bulk
from app.contacts.history import note_changes
from app.contacts.models import Contact
from app.frame import live

CHUNK = 500


async def leave_team(db: AsyncSession, gone: TeamDeleted) -> None:
    """Else nobody but managers would see them again."""
    theirs = select(Contact.id).where(Contact.team_id == gone.team_id, Contact.deleted_at.is_(None)).limit(MOST)
    if ids := list(await db.scalars(theirs)):
        await start_bulk(db, ids, {"team_id": None})


async def free_strays(db: AsyncSession) -> bool:
    """Some of the contacts whose team is no more, also those in the bin, belong to none. Whether there were any."""
    there_are = [team.id for team in await teams(db)]
    theirs = select(Contact.id, Contact.team_id).where(Contact.team_id.is_not(None), Contact.team_id.not_in(there_are))
    found = [(row.id, row.team_id) for row in await db.execute(theirs.limit(CHUNK))]
    if not found:
        return False
    values = {"team_id": None, "version": Contact.version + 1}
    await db.execute(update(Contact).where(Contact.id.in_([contact for contact, _team in found])).values(values))
    for contact, team in found:
        note_changes(db, contact, {"team_id": (team, None)})
    live.nudge(db, "contacts")
    return True
