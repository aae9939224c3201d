"""Speed with our modules against Odoo without them (``make bench``).

How to add a scenario: put a file into ``scenarios/``; every function in it with the
``@scenario`` decorator is run, by name. It gets a ``Run`` (see ``harness``) and does
what is to be measured, once; what it changes is rolled back. It runs in two
processes of the same kind, one on Odoo without us and one with us, in turns.
"""
