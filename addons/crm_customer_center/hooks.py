"""Installation on a database that is in use, and leaving it again."""

from odoo.fields import Domain


def post_init_hook(env):
    """Fit the Customer Centre to what is there already.

    Partners with a salesperson are customers; who sees own sales documents only is a
    sales rep; sales administrators administer the Customer Centre; Odoo's English
    industries that nobody uses step back behind the Chinese classification; everybody
    gets the keys to be found by.
    """
    _give_roles(env)
    _number_customers(env)
    _archive_unused_industries(env)
    env["crm.partner.key"]._build_now_or_later()


def uninstall_hook(env):
    """Bring back the industries that stepped back at installation."""
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
