"""Broken and hostile input, made at random for minutes: archives, uploads, links, scene scripts, messages, requests that poll."""
