"""Who vouches for a person from outside: the port `IdentityProvider`, and its adapter for OpenID Connect (ADR-0022)."""
