"""The bus: which events come in and to whom they go, and what this service tells the others."""
