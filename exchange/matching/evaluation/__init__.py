"""How well matching does on graded sets."""
