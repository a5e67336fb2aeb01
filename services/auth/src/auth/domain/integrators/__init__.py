"""Systems of others that call us by themselves: what they may do, and with which secrets. Source: ADR-0019."""
