"""Courses, workshops and pages as text files: read, checked as a whole, and only then written into the site.

``tree.read`` reads a folder into ``entries.Entry`` objects and collects every problem with its file and line;
``checking.check`` looks at what only shows across files; ``loading`` writes.
The format is described in ``fixtures/workshops/README.md``.
"""
