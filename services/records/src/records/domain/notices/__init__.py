"""The monthly notice to everyone whose employer is late with contributions (V-26)."""
