"""The reading face: subsets of Source Serif 4 for the web, and its style sheet. Pure: values in, bytes out."""
