"""Log-in by e-ID: what an identity provider has to say of a person, and which e-ID belongs to an account (V-12).

Source: ADR-0022.
"""
