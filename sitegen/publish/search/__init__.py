"""The search index: what is entered into it, the program that makes it, and its files in a form that never varies."""
