"""What every room stands on.

Actor, decisions, errors, clock, settings, database, events, and one transaction per act.
"""
