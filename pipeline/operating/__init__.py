"""Looking after a desk: backups and restores, what is kept how long, its state, logs, traces and metrics."""
