"""Rows for tests, one module a room."""
