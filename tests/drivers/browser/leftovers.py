"""What browsers leave behind, looked for: processes, temporary folders, threads, files, tasks."""

import os
import tempfile
from pathlib import Path

from drivers.browser.reaper import descendants, family
from tests.drivers.eventually import eventually, held, settles


def new_processes(before: set[int]) -> list[int]:
    """Ours, and not of those that were there before: such as the tests' own browser, which may go on."""
    children, ahead, found = family(), [os.getpid()], list[int]()
    while ahead:
        below = [pid for pid in children.get(ahead.pop(), []) if pid not in before]
        found += below
        ahead += below
    return found


class Before:
    """How it was. With the processes go their ports, and the guard's is one of our files."""

    def __init__(self) -> None:
        self.processes = set(descendants(os.getpid()))
        self.folders = self._folders()
        self.held = held()

    def _folders(self) -> set[Path]:
        return set(Path(tempfile.gettempdir()).glob("centralita-*"))

    async def nothing_more(self) -> None:
        """A busy machine takes a moment to bury what was killed."""
        await eventually(lambda: not new_processes(self.processes))
        await eventually(lambda: self._folders() <= self.folders)
        await settles(self.held)
