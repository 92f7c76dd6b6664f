"""Words that mean the same: shipped lists, and what administrators add."""
