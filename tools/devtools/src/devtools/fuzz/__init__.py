"""`./dev fuzz`: the whole documented API under a schema-driven fuzzer, in the name of each kind of caller (R-8)."""
