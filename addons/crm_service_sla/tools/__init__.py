"""Decisions of the follow-up module, without Odoo and without a clock."""
