"""Needs that are filed for somebody without a phone, and the paper forms for them."""
