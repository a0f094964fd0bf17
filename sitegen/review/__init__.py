"""Deciding: what people say of suggestions and records becomes the least edit of plain files."""
