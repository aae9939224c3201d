"""Installation on a database that is in use, and leaving it again."""

from odoo.fields import Domain
from odoo.tools import split_every


def post_init_hook(env):
    """Fit the Customer Centre to what is there already.

    Partners with a salesperson are customers; who sees own sales documents only is a
    sales rep; sales administrators administer the Customer Centre; Odoo's English
    industries that nobody uses step back behind the Chinese classification; meetings,
    which everybody reads, no longer tell how to reach a customer; everybody gets the
    keys to be found by.
    """
    _give_roles(env)
    _number_customers(env)
    begin_histories(env)
    tell_business(env)
    _archive_unused_industries(env)
    env["calendar.event"]._forget_contact_details()
    env["crm.partner.key"]._build_now_or_later()


def begin_histories(env):
    """Of each customer that has no history yet: what it is, as it was."""
    env.flush_all()
    env.cr.execute(_FIRST_STATES)
    env.cr.execute(_FIRST_LEVELS)
    env.cr.execute(_FIRST_ROWS)
    env.invalidate_all()


def know_business(env):
    """Business of the past is known and changes nothing: people have said what the
    customers are. Silence is reckoned from the last of it on."""
    book = env["crm.customer.event"]
    for source in book._event_sources():
        book._sync(source)
    env.cr.execute(_TOUCHED)
    env.invalidate_all()


def tell_business(env):
    """Business of the past counts as any that is known late: since it was done, and as
    of now."""
    engine, book = env["crm.lifecycle.engine"], env["crm.customer.event"]
    for source in book._event_sources():
        begins = book._sync(source)
        engine._mark(begins)
        for batch in split_every(1000, begins, list):
            engine._settle(env["res.partner"].browse(batch))


def uninstall_hook(env):
    """Bring back the industries that stepped back at installation, and what Odoo's menu
    of customers opens."""
    menu = env.ref("crm.res_partner_menu_customer", raise_if_not_found=False)
    if menu:
        menu.action = env.ref("base.action_partner_form")
    _core_industries(env).write({"active": True})


def _give_roles(env):
    hub = "crm_customer_center"
    admins = env.ref("sales_team.group_sale_manager").all_user_ids
    all_documents = env.ref("sales_team.group_sale_salesman_all_leads").all_user_ids
    salesmen = env.ref("sales_team.group_sale_salesman").all_user_ids
    env.ref(f"{hub}.group_crm_admin").user_ids |= admins
    env.ref(f"{hub}.group_sales_rep").user_ids |= salesmen - all_documents


def _number_customers(env):
    """Customers that were in the database before the sequence of their codes."""
    partners = env["res.partner"].with_context(active_test=False)
    nameless = partners.search(
        [("lifecycle_state", "!=", False), ("customer_code", "=", False)], order="id"
    )
    env.add_to_compute(partners._fields["customer_code"], nameless)
    nameless.flush_recordset(["customer_code"])


def _archive_unused_industries(env):
    core = _core_industries(env)
    used = (
        env["res.partner"]
        .with_context(active_test=False)
        ._read_group(Domain("industry_id", "in", core.ids), ["industry_id"])
    )
    used_industries = core.browse(industry.id for (industry,) in used)
    (core - used_industries).write({"active": False})


def _core_industries(env):
    names = [f"res_partner_industry_{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTU"]
    records = env["ir.model.data"].search(
        [
            ("module", "=", "base"),
            ("model", "=", "res.partner.industry"),
            ("name", "in", names),
        ]
    )
    industries = env["res.partner.industry"].with_context(active_test=False)
    return industries.browse(records.mapped("res_id")).exists()


_FIRST_STATES = """
INSERT INTO crm_lifecycle_move
       (partner_id, origin_id, owner_id, team_id, company_id, to_state, cause,
        effective_at, known_at)
SELECT p.id, p.id, p.customer_owner_id, p.team_id, p.company_id,
       p.lifecycle_state, 'was',
       COALESCE(p.create_date, now() AT TIME ZONE 'UTC'), now() AT TIME ZONE 'UTC'
  FROM res_partner p
 WHERE p.lifecycle_state IS NOT NULL
   AND NOT EXISTS (SELECT FROM crm_lifecycle_move m WHERE m.partner_id = p.id)
"""
_FIRST_LEVELS = """
INSERT INTO crm_level_move
       (partner_id, origin_id, owner_id, team_id, company_id, to_level_id, cause,
        direction, effective_at, known_at)
SELECT p.id, p.id, p.customer_owner_id, p.team_id, p.company_id,
       p.customer_level_id, 'was', 'up',
       COALESCE(p.create_date, now() AT TIME ZONE 'UTC'), now() AT TIME ZONE 'UTC'
  FROM res_partner p
 WHERE p.lifecycle_state IS NOT NULL AND p.customer_level_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM crm_level_move m WHERE m.partner_id = p.id)
"""
_FIRST_ROWS = """
INSERT INTO crm_customer_state (partner_id, lifecycle_since, level_since)
SELECT p.id, COALESCE(p.create_date, now() AT TIME ZONE 'UTC'),
       CASE WHEN p.customer_level_id IS NOT NULL THEN p.create_date END
  FROM res_partner p
 WHERE p.lifecycle_state IS NOT NULL
    ON CONFLICT (partner_id) DO NOTHING
"""
_TOUCHED = """
UPDATE crm_customer_state state SET touched_at = last.at
  FROM (SELECT partner_id, max(date) AS at FROM crm_customer_event
         GROUP BY partner_id) last
 WHERE last.partner_id = state.partner_id
   AND (state.touched_at IS NULL OR state.touched_at < last.at)
"""
