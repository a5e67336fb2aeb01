"""The edge: the only way in from outside.

Owns the table of routes, the limits on what a request may look like, the session check of each request and the one
OpenAPI document. It holds nothing durable and knows no rule of insurance: what is allowed to whom inside a service is
that service's decision, made from the signed assertion this gateway sends along.
"""
