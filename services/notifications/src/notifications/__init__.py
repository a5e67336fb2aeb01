"""Messages to people: their texts, their hand-over to carriers, and what became of them.

Owns messages with every attempt to send them, the SMS budgets and the texts of each version. Does not own what is told:
it decides nothing about declarations (registration) or accounts (auth), and says each fact once on each channel.
"""
