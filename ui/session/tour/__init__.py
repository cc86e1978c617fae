"""The guided tour: chapters bound to the real controls of Explore. Nothing is blocked; it can be left and resumed."""
