"""Messages that were given up, and what is decided about them."""
