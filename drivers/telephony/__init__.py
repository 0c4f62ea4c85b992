"""Telephony: links for any softphone, or an Asterisk exchange over its manager interface (AMI)."""
