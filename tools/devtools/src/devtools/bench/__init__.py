"""Measuring: each figure against a floor or a peer taken in the same run, on the same servers."""
