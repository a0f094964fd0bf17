"""Exit codes: done, the content has errors, the command could not run."""

DONE, CONTENT, FAILED = 0, 1, 2
