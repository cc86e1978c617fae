"""One folder per page: what stands at the right of the sidebar."""
