"""Matches as a list and a board: filters, saved views, acts on several at once, putting off."""
