"""A person says that something in the record is wrong, or that care was billed that was not given (V-27, V-28)."""
