"""A stand-in for the e-ID provider: it speaks OpenID Connect for real, vouches for anybody, and misbehaves on order."""
