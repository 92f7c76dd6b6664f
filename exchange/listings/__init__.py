"""Needs and offers and their whole life, from draft to fulfilled."""
