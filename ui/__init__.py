"""The dashboard. It computes nothing: runs are made by dmf_core, in worker processes."""
