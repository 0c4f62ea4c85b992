"""An errand whose module takes long to load, as a solver does on a busy machine."""

import time

from tests.frame.child_errands import wait_politely

__all__ = ["wait_politely"]

time.sleep(1.5)
