"""What is read: the officers' queue, and a declarant's own time line."""
