"""TODO personal_data."""
