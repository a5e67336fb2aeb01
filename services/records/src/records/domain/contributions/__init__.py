"""What was contributed for a participant: periods of the four kinds, their corrections and withdrawals."""
