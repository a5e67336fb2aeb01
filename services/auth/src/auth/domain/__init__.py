"""The rules of accounts, access, codes, passwords and throttles: pure, without clock, store or randomness."""
