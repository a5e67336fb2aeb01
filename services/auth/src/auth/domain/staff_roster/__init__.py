"""Who of the staff may do what, where: one stream for everybody, so that two administrators are never both right.

Source: ADR-0018.
"""
