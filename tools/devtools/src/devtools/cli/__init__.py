"""The verbs of `./dev`: one module a verb, which says what it did; the work itself is done by the other packages."""
