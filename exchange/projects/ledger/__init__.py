"""Open accounts of projects: every receipt and payment, booked once and never changed."""
