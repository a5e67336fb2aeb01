"""The service on the bus: what it tells, what it hears."""
