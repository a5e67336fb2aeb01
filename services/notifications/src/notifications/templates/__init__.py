"""The words: one folder per kind and version under `texts`, Vietnamese and English side by side.

A version that was ever sent stays: stored messages name it. A change of wording is a new version in `catalogue`.
E-mails are written once, from parts that exist as text and as HTML, so the two forms cannot drift apart.
"""
