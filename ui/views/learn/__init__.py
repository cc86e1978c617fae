"""Learn: the course. Contents at the left, words beside a live player, a question with its answer."""
