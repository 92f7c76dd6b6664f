"""Signed links: one act that one person may do without signing in."""
