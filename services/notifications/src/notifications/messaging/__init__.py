"""The bus: what notifications listens to (`consumers`) and what it tells the others (`publishing`)."""
