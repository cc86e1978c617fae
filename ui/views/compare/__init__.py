"""Compare: two to four runs that differ in one factor."""
