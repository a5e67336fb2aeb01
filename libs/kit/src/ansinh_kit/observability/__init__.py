"""What a process tells about itself: structured logs without personal data, and Prometheus metrics.

`configure_logging` is called once, first thing in `__main__`; every log line of the process, libraries included, goes
through its allow-list (PII-09). Metrics carry route templates and states, never ids or values of people (PII-04).
"""
