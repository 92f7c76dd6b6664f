"""Undertakings: several needs that only make sense together."""
