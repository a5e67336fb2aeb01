"""The rules: what may happen to a record, and what it then says. Pure; one folder or module per aggregate."""
