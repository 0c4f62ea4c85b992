"""An old .xls carries no checksum: damaged, it can send the parser round in circles or have it take all the memory.

So a process of its own tastes it first, with little memory and little time. Newer formats have checksums.
"""

import subprocess
import sys
from pathlib import Path

from app.contacts.imports.bad_file import BadFile
from app.contacts.imports.taste_main import ENCRYPTED

# Run as a file and not as a module: as a module it would first import the whole office.
TASTER = Path(__file__).with_name("taste_main.py")
TIME_S = 30


def check(path: Path) -> None:
    """Raises BadFile when the file cannot be read whole within the limits."""
    command = [sys.executable, "-P", str(TASTER), str(path)]
    try:
        ended = subprocess.run(command, timeout=TIME_S, capture_output=True, check=False)
    except subprocess.TimeoutExpired as error:
        raise BadFile("broken") from error
    if ended.returncode:
        raise BadFile("encrypted" if ended.returncode == ENCRYPTED else "broken")
