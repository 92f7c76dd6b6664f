"""Shifts in the calendars of phones: files, a private feed, and the feeds of a place."""
