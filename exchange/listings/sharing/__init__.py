"""Posters, texts for a chat group, and short links."""
