"""The ways out of the house. A driver knows nobody but `drivers.contract`."""
