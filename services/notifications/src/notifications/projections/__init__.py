"""Read models: the list of what is due. Losing one loses nothing: the log says again what is to be done."""
