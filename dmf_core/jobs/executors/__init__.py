"""Where runs are computed: the queue knows only `base.Executor`; every other file here is one such place."""
