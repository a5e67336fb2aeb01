"""Demo people: a household with years of history, fed through the public API like everyone's."""
