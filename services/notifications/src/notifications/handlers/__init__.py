"""What the service does: reactions to other services' events, sending, looking up, and carriers' call-backs."""
