"""The HTTP edge of a service: who is calling, what may come in, and how every refusal looks.

`create_app` puts the parts together. A service adds its routers, its `ErrorTable` and its `RuleTexts`, and never
builds an error body itself. All limits hold before a route runs (LIM-24, SEC-13).
"""
