"""Which columns the audit keeps, a file for each room that came later."""
