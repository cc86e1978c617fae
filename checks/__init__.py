"""What `make check` looks at beside the source: licences and known vulnerabilities of what is installed."""
