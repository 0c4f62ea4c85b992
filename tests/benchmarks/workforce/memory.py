"""What a forecast adds to a process that has its history already: a process of its own, whose peak begins here.

`python -m tests.benchmarks.workforce.memory` prints MB.
"""

import re
import subprocess
import sys
from pathlib import Path

from tests.workforce.offices import Office


def of_a_forecast() -> float:
    """MB, with the modules it needs."""
    said = subprocess.run([sys.executable, "-m", __name__], capture_output=True, text=True, check=True)
    return float(said.stdout)


def _main() -> None:
    history = Office(5, days=365).history(365)
    Path("/proc/self/clear_refs").write_text("5")  # forgets the peak so far, the parent's too: see proc(5)
    before = _mb("VmRSS")
    from app.workforce.calendar import Setting
    from app.workforce.demand import forecast

    forecast(history, Setting(), 7)
    print(_mb("VmHWM") - before)


def _mb(field: str) -> float:
    found = re.search(rf"{field}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024


if __name__ == "__main__":
    _main()
