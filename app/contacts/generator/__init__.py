"""Possible mobile numbers of Costa Rica, for calling campaigns without a list."""

from app.contacts.generator.errors import BadAmount, BadMethod, BadShares, GeneratorError, NotEnoughNumbers
from app.contacts.generator.generate import LARGEST_BATCH, Generated, generate
from app.contacts.generator.numbering import Numbering, Operator, costa_rica
from app.contacts.generator.quotas import METHODS

__all__ = [
    "LARGEST_BATCH", "METHODS", "BadAmount", "BadMethod", "BadShares", "Generated", "GeneratorError",
    "NotEnoughNumbers", "Numbering", "Operator", "costa_rica", "generate",
]  # fmt: skip
