"""Rules and decisions: no server, no clock."""
