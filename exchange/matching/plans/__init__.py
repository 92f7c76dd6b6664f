"""The best plan over all pairs of an area."""
