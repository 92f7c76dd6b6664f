"""The three doors: one short page that asks at most four things and understands the rest."""
