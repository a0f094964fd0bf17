"""sitegen: the publisher for annotated article collections."""

__version__ = "0.1.0"
