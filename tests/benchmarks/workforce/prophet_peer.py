"""Prophet with its defaults, as the seed's call does it."""

import logging
from importlib.util import find_spec

import numpy as np

from app.workforce.history import History
from tests.benchmarks.workforce.series import stamps


def installed() -> bool:
    return find_spec("prophet") is not None


def ahead(history: History, cut: int, days: int, wanted: np.ndarray) -> np.ndarray:
    """(days, slots) after `cut` days; only where `wanted`."""
    import pandas as pd  # comes with Prophet
    from prophet import Prophet

    logging.disable(logging.WARNING)
    when, counts = stamps(history), history.counts[:cut].ravel()
    known = ~np.isnan(counts)
    model = Prophet()
    model.fit(pd.DataFrame({"ds": when[:cut].ravel()[known], "y": counts[known]}))
    found = np.full(wanted.shape, np.nan)
    found[wanted] = model.predict(pd.DataFrame({"ds": when[cut : cut + days][wanted]}))["yhat"].clip(lower=0)
    logging.disable(logging.NOTSET)
    return found
