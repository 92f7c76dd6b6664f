"""Several offers for one need, and one offer for several needs, proposed together."""
