"""Load, decide, append: each command's way from its caller to the log, and what other services' events lead to."""
