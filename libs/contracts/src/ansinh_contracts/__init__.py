"""Integration events: data only, versioned; the one language the services share.

One module per producing service. A published field never changes its meaning; a break is a new version beside
the old one. Fields marked `SealedFor` travel only as ciphertext for the services named.
"""
