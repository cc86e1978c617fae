"""A file as it was read: first rows, values, first lines, and what its entries leave open. HTML."""
