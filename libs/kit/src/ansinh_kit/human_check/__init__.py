"""Makes asking in bulk dear: the port (`port`), proof of work (`proof_of_work`), and what was used (`spent`)."""
