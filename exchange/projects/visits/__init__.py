"""Roadshows and visits of a project: announced, with seats, sign-up and a calendar file."""
