"""What anybody may look up, and how names and facts are compared there."""
