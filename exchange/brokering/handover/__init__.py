"""Cases that pass to another worker, and what becomes of them when somebody leaves."""
