"""Speaking for a side that has no phone: recorded proxies, each with consent to one match."""
