"""Learn: a course of short chapters, each with a live run, a question and its answer."""

from ui.views.learn.page import learn

learn()
