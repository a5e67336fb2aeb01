"""What this service stores beside events: photos, reservations, dossier numbers, reference documents."""
