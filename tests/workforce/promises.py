"""Whether a service keeps what was promised: each promise looked at by itself, and not as the product asks."""

import numpy as np

from app.workforce.service import Service
from app.workforce.staffing import Target

NEAR = 1e-9  #: part of a promise that the last bits of a float may be off


def kept(service: Service, target: Target) -> np.ndarray:
    """Every promise held, each looked at by itself; not as the product asks."""
    good = service.occupancy <= target.occupancy * (1 + NEAR)
    if target.service_level is not None:
        good = good & (service.service_level >= target.service_level * (1 - NEAR))
    if target.asa_s is not None:
        good = good & (service.asa_s <= target.asa_s * (1 + NEAR))
    if target.abandonment is not None:
        good = good & (service.abandonment <= target.abandonment * (1 + NEAR))
    return good & (service.asa_s < np.inf)
