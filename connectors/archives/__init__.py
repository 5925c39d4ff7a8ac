"""Importers of the files that networks give their people: a module for each format, pure parsing.

What is in such a file its owner could have written: it is shown to them, and is never the word of
a network. A parser reads streams and yields what it understood; it knows no Django, no database
and no other format, and opens nothing but the members it is handed.
"""
