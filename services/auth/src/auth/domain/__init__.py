"""The rules of accounts, access, codes and passwords: pure, without clock, store or randomness."""
