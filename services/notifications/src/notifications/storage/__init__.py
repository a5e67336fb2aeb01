"""What this service stores beside its events: the SMS budgets."""
