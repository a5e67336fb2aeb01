"""The registration service: rules, decisions, storage, HTTP."""
