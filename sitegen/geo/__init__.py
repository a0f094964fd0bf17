"""Compute maps at build time: projection, outlines, label placement, layout.

Pure: values in, values out. `layout` is the way in; templates draw the SVG from what it returns.
"""
