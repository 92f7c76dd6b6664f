"""The station's review of what waits to be published."""
