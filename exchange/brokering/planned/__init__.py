"""The pairs of released plans in the brokers' queues."""
