"""The command line: parse arguments, run one room, print, exit. The only room that prints, with `start`.

What Click parses begins in `commands`. A plain build needs none of it (see `building`), and starts sooner without.
"""
