"""`./dev story`: the main job played over HTTP, as phones and browsers would, against the running system."""
