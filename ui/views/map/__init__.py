"""Map: thousands of runs over one or two settings answer a question."""
