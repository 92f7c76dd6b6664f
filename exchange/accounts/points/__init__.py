"""Service points: their tree, the places they serve, and who works there."""
