"""A file as it was read: first rows, values, first lines, and which entries no method can know. HTML."""
