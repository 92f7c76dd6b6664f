"""Verification and good standing: asked for, decided, renewed, taken away."""
