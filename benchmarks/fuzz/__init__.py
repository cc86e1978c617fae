"""Broken and hostile input, made at random for minutes: archives, links, scene scripts, messages of sockets."""
