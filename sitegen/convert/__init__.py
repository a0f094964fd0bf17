"""A source file → Seed → Markdown: text files become `content/articles/*.md`, and a source is never touched."""
