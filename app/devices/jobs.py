"""What is done now and then: the intake forgets."""

from datetime import timedelta

from app.frame import intake
from app.frame.db import now_utc
from app.frame.jobs import Work

TIDY = "devices.tidy"
BLANK_AFTER = timedelta(days=14)
DROP_AFTER = timedelta(days=90)  # longer than any provider repeats itself


async def tidy(work: Work, _key: str) -> None:
    """Contents of what was read go after two weeks, the memory that it came after three months."""
    at = now_utc()
    async with work.unit() as db:
        await intake.tidy(db, blank_before=at - BLANK_AFTER, drop_before=at - DROP_AFTER)
