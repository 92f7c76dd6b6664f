"""The last day of a listing, whether it is still needed, and setting it aside for a season."""
