"""What is read: one module per read model, each with its own fold."""
