"""Bulk files: how they are written, what each value must look like, and how a row that cannot be taken is told of."""
