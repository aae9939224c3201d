"""The development environment: Odoo, PostgreSQL, Python, browser, tests.

Standard library only, because it runs before anything is installed. Each module
has one subject; ``scripts/dev.py`` is the command line over them.
"""
