"""Installation on a database that is in use, and leaving it again."""


def post_init_hook(env):
    """Fit the sales process to the stages, leads and closed deals that are there."""


def uninstall_hook(env):
    """Leave leads and stages as Odoo's own CRM expects them."""
