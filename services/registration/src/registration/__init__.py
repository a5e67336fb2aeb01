"""Declarations: from the first draft to the decision of the receiving agency.

Owns declarations with their photos, the review queue of each agency, the receiving agencies and the look-ups of
administrative units. Does not own accounts (auth), messages to people (notifications) or insurance records.
"""
