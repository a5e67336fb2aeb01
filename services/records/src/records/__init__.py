"""Insurance records: participants, contributions, benefits, health cards and visits, and the history of each of them.

Owns who a participant is, what was recorded about the person and since when, who read it, and what is disputed. Does
not own accounts (auth), declarations (registration) or messages to people (notifications): it learns from the second
whose account may read which record.
"""
