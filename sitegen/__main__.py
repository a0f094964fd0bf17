"""`python -m sitegen` is the same as `sitegen`."""

from sitegen.start import main

if __name__ == "__main__":  # a worker that is spawned imports this too
    main()
