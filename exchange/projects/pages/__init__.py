"""The pages of projects: making, changing, review, the list, one project."""
