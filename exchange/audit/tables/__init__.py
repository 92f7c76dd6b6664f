"""Which changes the audit keeps, for the tables of one subject in each file."""
