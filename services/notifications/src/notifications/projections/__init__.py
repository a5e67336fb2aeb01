"""Read models: the list of what is due."""
