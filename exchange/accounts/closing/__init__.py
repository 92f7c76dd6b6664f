"""Accounts that people close, and what is then forgotten."""
