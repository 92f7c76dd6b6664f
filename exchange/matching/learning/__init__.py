"""Learning from what brokers decide and how matches end."""
