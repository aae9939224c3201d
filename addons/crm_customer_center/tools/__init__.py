"""Pure functions of the customer centre: no Odoo import, no stored state."""
