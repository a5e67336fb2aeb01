"""Owns the messages to people: their texts, their hand-over to carriers, and what became of them.

It decides nothing about declarations or accounts: it tells what the other services publish, once per fact and channel.
"""
