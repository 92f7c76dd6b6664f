"""What people searched for, counted without a person."""
