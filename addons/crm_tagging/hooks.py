"""Installation on a database that has tags already, and leaving it again."""


def post_init_hook(env):
    """Make one vocabulary of the tags on partners and those on leads."""
    for model in ("res.partner.category", "crm.tag"):
        env[model].with_context(active_test=False).search([])._make_twins()


def uninstall_hook(env):
    """Give Odoo's own rule on the names of tags on leads back where it still fits."""
    env.cr.execute("SELECT 1 FROM crm_tag GROUP BY name HAVING count(*) > 1 LIMIT 1")
    if not env.cr.fetchone():
        env.cr.execute(
            "ALTER TABLE crm_tag DROP CONSTRAINT IF EXISTS crm_tag_name_uniq"
        )
        env.cr.execute(
            "ALTER TABLE crm_tag ADD CONSTRAINT crm_tag_name_uniq UNIQUE (name)"
        )
