"""The bus: what auth listens to (`consumers`) and what it tells the others (`publishing`)."""
