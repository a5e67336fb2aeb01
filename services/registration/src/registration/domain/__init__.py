"""The rules of declarations: pure functions and values, no clock and no I/O."""
