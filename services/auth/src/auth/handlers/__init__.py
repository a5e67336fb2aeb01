"""Use cases: load, decide, write, in the order that leaves no half state when a step is the last one.

`account_opening`, `message_reports` and `forgetting` answer other services' events; the rest answers people. Each class
says what its steps rely on.
"""
