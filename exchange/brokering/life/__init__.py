"""The steps of a match: who may take which, what each needs, how it is undone."""
