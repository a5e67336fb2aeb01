"""Read models: pure folds over the log, written in batches, rebuilt beside the live one and switched.

A view's document at position p is the fold of every event up to p, whoever wrote it and however often. From
that one property follow idempotent replay, harmless rivals, and a rebuild that equals the live view.
"""
