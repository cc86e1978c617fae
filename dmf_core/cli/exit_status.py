"""The exit statuses of every command; what they say is in `dmf_core.cli`."""

DONE, FAILED, BAD_INPUT = 0, 1, 2
INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it
