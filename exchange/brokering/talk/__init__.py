"""What the sides of a match say and learn of each other: messages, consent, contact data."""
