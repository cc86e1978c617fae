"""The scenes of which the tests of lectures make their scripts."""

BEFORE = """[[scene]]
heading = "Before"
preset = "five-modes"
"""
CHOICE = """[[scene]]
heading = "Choice"
preset = "five-modes"
at = 400
notes = "only for me"
[scene.question]
text = "What next?"
choices = ["All at once", "One by one"]
right = 2
"""
MOMENT = """[[scene]]
heading = "Moment"
preset = "five-modes"
at = 690
[scene.question]
text = "When is mode 3 born?"
range = [690, 1400]
step = 10
birth = 3
"""
AFTER = """[[scene]]
heading = "After"
preset = "five-modes"
at = "end"
"""


def script(*scenes: str, title: str = "T") -> str:
    """A lecture as TOML."""
    return f'title = "{title}"\n' + "".join(scenes)
