"""What all reproductions share: runs, claims, published values, reports, finished runs on disk."""
