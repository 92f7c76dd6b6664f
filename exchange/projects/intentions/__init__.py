"""Cooperation intentions: what an organisation outside would bring to a project, said in quiet."""
