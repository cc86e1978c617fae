"""Pure: a mask, read for a rank -> its graph as SVG, its numbers as a table, and what it means in sentences."""
