"""Needs that may be posted twice."""
