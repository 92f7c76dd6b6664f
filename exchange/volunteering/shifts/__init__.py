"""Shifts: the times of an activity, one by one or in a series."""
