"""Contacts going out as files: pure writers, and the exports that people ask for, made in the child process."""
