"""What the services publish, looked at as a whole and without a server: their documents and their code."""
