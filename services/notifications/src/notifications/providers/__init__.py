"""Carriers of SMS and e-mail behind one port. An outcome says how sure we are, because a retry depends on it."""
