"""Which columns of which tables are kept, subject by subject; columns.py joins them."""
