"""The dashboard. It computes nothing: runs are made by dmf_core, in worker processes.

numpy gets one thread for linear algebra in this process, whichever way the server is started, and must not be loaded before:
with several, while the workers compute, a payload took 300 to 590 ms instead of 11 (12 of 50 took over 100 ms; of 50 with one
thread, none; two cores, 100x100).
"""

import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
