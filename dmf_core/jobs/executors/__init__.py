"""Where runs are computed: `base.Executor` is all that the queue knows; each file beside it is one such place."""
