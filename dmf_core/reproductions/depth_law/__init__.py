"""How fast a component grows for its size, against the depth: our own derivation."""
