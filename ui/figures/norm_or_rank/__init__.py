"""A run beside the minimum nuclear norm: words, table and pictures, all from numbers. Pure."""
