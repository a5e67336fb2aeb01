"""How participation time is counted: pure functions from period rows to totals that explain themselves."""
