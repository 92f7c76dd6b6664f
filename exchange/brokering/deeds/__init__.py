"""What a match promises and what came of it: commitments, deliveries, follow-ups, outcomes."""
