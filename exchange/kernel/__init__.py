"""What every room stands on: actor, decisions, errors, clock, settings, database, events, one transaction per act."""
