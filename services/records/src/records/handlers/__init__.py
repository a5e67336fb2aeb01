"""The use cases: load, decide, append; and what events of other services lead to."""
