"""What people choose about what reaches them."""
