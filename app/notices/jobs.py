"""What notices do later."""

from app.frame.jobs import Work
from app.notices.service import forget_old


async def tidy(work: Work, _key: str) -> None:
    async with work.unit() as db:
        await forget_old(db)
