"""What operators do to a running system, by the kit's own means: nothing here writes to a service's data itself."""
