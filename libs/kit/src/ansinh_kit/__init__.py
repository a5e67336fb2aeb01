"""Plumbing for event-sourced services on MongoDB and RabbitMQ; it knows no word of the product.

Owns the event store, projections, the relay and consumers, personal-data protection, problem details,
logging, metrics and health. Services build their objects from it in their own `app.py`.
"""
