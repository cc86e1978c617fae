from ui.views.lecture.page import page

page()
