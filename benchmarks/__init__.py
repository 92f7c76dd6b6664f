"""Measurements of the exchange, and what they need: large sites, questions, reports."""
