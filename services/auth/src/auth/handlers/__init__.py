"""Use cases: load, decide, write, in the order that leaves no half state when a step is the last one.

`reactions` answers other services' events; the rest answers people. Each class says what its steps rely on.
"""
