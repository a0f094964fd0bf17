"""`python -m sitegen` is the same as `sitegen`."""

from sitegen.start import main

main()
