"""Two needs that ask for the same become one, and two again when that was a mistake."""
