"""The bus: what registration listens to (`consumers`) and what it tells the others (`publishing`)."""
