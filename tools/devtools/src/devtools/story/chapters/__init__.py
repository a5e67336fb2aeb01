"""The chapters, in the order they are told."""
