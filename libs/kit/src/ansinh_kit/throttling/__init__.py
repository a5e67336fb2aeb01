"""How often something may be tried: pure rules (`rules`), and attempts counted in the database (`mongo`)."""
