"""From an accepted cooperation intention to an offer and a match in the ordinary workbench."""
