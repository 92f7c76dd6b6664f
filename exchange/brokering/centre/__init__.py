"""What a centre sees of its stations, what it sets, and how work finds its way to a point."""
