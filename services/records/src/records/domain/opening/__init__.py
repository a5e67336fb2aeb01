"""A member of staff opens a record for a while, with a written reason; every read under it is an event."""
