"""The declaration: commands in, events out, and the state that decisions need."""
