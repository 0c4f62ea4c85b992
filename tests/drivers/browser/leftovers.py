"""What browsers leave behind, looked for: processes, temporary folders, threads, files, tasks."""

import os
import tempfile
from pathlib import Path

from drivers.browser.reaper import descendants
from tests.drivers.eventually import eventually, held, settles


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
        await eventually(lambda: set(descendants(os.getpid())) <= self.processes)
        await eventually(lambda: self._folders() <= self.folders)
        await settles(self.held)
