"""Which requirements the product holds, and which tests prove it."""
