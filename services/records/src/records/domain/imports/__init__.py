"""One import: a bulk file on its way into the log, chunk by chunk, from its start to its end."""
