"""The sidebar: the widgets that define a run, and the button that starts it."""
