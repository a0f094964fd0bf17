"""The build: scan, memo, output, and the story that joins the rooms. Nothing else caches or writes output."""
