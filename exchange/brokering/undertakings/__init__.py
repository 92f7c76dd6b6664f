"""Undertakings whose parts are matched together."""
