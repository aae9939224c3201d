from odoo.addons.crm_reports.hooks import post_init_hook

from . import models
