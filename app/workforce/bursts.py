"""An event that ends is no level: days far from what came before them count as far, and no farther."""

import numpy as np

from app.workforce.errors import Floats

BURST = 0.9  #: log; two and a half times as much, or two fifths
MONTH = 28


def within_reach(rest: Floats, burst: float = BURST) -> Floats:
    """Days far from the median of the four weeks before them count as `burst`: what makes an office twice as busy
    is an event that ends, and a level that really is another one has moved that median after two weeks."""
    windows = np.lib.stride_tricks.sliding_window_view(np.append(np.full(MONTH, np.nan), rest), MONTH)[: len(rest)]
    enough = (~np.isnan(windows)).sum(axis=1) >= MONTH // 4
    median = np.full(len(rest), np.nan)
    median[enough] = np.nanmedian(windows[enough], axis=1)
    return np.where(enough, np.clip(rest, median - burst, median + burst), rest)
