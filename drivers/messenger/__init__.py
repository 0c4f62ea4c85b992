"""Messenger and Instagram through Meta's Messenger Platform."""
