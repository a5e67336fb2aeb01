"""Files of a record that leave the system: what they hold, what proves them, and that they were made."""
