"""Text and authority records → mentions; suggestions; gazetteer. Pure."""
