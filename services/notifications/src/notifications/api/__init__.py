"""HTTP: where carriers report. People's requests do not come here: this service has no routes for them yet."""
