"""The HTTP side: routes, their models, who may read what, and how each refusal is told."""
