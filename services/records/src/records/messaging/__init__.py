"""The bus: what records listens to (`consumers`) and what it tells the others (`publishing`)."""
