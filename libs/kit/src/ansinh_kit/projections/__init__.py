"""TODO projections."""
