"""The engines behind the search port: Whoosh, the embedded default, and one in memory for tests."""
