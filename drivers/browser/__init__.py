"""A browser that works through recipes: sites without an API, done as a person would, within narrow limits."""
