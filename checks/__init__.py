"""What `make check` runs; licences and known vulnerabilities of what is installed have their own check here."""
