"""What a server counts and measures about itself, for Prometheus, at /metrics."""
