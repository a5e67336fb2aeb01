"""The service around its rules: HTTP, storage, photos."""
