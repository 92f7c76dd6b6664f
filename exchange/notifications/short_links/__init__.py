"""Short links for short messages."""
