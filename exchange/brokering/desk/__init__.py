"""A worker's day: what waits, one act for each, setting aside, and the queue of suggestions."""
