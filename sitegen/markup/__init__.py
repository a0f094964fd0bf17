"""File text → Document; Document + mentions → HTML and facts. Pure: reads and writes no files."""
