"""Prophet with its defaults, as the seed's call does it, and as somebody who knows it would set it."""

import logging
from importlib.util import find_spec
from typing import Any

import numpy as np

from app.workforce.history import History
from tests.benchmarks.workforce.series import stamps

VARIANTS = ("tuned", "logarithms")  #: both with the country's holidays; the first multiplies


def installed() -> bool:
    return find_spec("prophet") is not None


def ahead(
    history: History, cut: int, days: int, wanted: np.ndarray, variant: str = "default", country: str = ""
) -> np.ndarray:
    """(days, slots) after `cut` days; only where `wanted`."""
    import pandas as pd  # comes with Prophet

    logging.disable(logging.WARNING)
    when, counts = stamps(history), history.counts[:cut].ravel()
    known = ~np.isnan(counts)
    model, log = _model(variant, country), variant == "logarithms"
    model.fit(pd.DataFrame({"ds": when[:cut].ravel()[known], "y": np.log1p(counts[known]) if log else counts[known]}))
    made = model.predict(pd.DataFrame({"ds": when[cut : cut + days][wanted]}))["yhat"]
    found = np.full(wanted.shape, np.nan)
    found[wanted] = (np.expm1(made) if log else made).clip(lower=0)
    logging.disable(logging.NOTSET)
    return found


def _model(variant: str, country: str) -> Any:
    from prophet import Prophet

    model = Prophet(seasonality_mode="multiplicative") if variant == "tuned" else Prophet()
    if country and variant != "default":
        model.add_country_holidays(country)
    return model
