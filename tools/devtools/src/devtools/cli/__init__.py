"""The verbs of `./dev`."""
