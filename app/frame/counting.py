"""How many rows a statement touched."""

from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.expression import Executable


async def touched(db: AsyncSession, statement: Executable) -> int:
    """Run an UPDATE or DELETE and count its rows."""
    result: Any = await db.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount
