"""The host. It knows no module."""
