"""What is stored beside events: whose numbers are whose."""
