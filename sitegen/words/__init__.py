"""The interface's language: its words, dates, numbers and direction. Pure: reads and writes no files."""
