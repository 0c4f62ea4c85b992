"""A simulated line: for demos, the first run and tests."""
