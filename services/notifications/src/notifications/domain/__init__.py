"""The rules of telling people: what a message is, and which steps it may take. Pure: no clock, no I/O."""
