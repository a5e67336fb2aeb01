"""What anybody may look up: facilities, employers, organisations that collect, and their points; plain documents."""
