"""Bulletins (简报): the three lists of a place and a period, published on their day."""
