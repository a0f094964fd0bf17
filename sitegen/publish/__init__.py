"""Files for machines and hosts: feeds, sitemap, assets, the exports of /data/, the search index; and the guard over all.

Pure: values in, bytes out; only `search` starts a program.
"""
