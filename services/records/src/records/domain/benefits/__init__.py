"""Benefits: granted, corrected, paid and stopped, in the four tabs a participant reads them in (S-37 to S-40)."""
