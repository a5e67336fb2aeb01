"""The whole system on one machine: where it lives, what it runs, who watches it."""
