"""The tests, by part; contract/ holds the suites every adapter of a port must pass."""
