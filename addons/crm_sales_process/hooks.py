"""Installation on a database that is in use, and leaving it again."""

from odoo.tools import SQL

from .models.crm_team import MODE_PARAMETER

NEGOTIATION = "stage_negotiation"
# modules of Odoo that sell, and how a record of theirs is switched
PAID_MODULES = ("crm_iap_enrich", "crm_iap_mine")
PAID_FIELD = {
    "ir.cron": lambda _env, on: {"active": on},
    "ir.ui.menu": lambda _env, on: {"active": on},
    "ir.ui.view": lambda _env, on: {"active": on},
    "ir.actions.server": lambda env, on: {
        "binding_model_id": on and env["ir.model"]._get_id("crm.lead")
    },
}


def stage_names(env) -> dict[str, tuple[str, str, float]]:
    """Odoo's own stages by name of the external id: what Odoo calls them, what they
    are called here in the language of ``env``, and their probability."""
    return {
        "stage_lead1": ("New", env._("First Contact"), 10),
        "stage_lead2": ("Qualified", env._("Needs Analysis"), 30),
        "stage_lead3": ("Proposition", env._("Proposal and Quotation"), 50),
        "stage_lead4": ("Won", env._("Won"), 100),
    }


def pre_init_hook(env):
    """Where deals are already, their probabilities stay what people have seen so far:
    learned by Odoo, until somebody decides otherwise."""
    env.cr.execute("SELECT 1 FROM crm_lead LIMIT 1")
    if env.cr.rowcount:
        env["ir.config_parameter"].set_param(MODE_PARAMETER, "learned")


def post_init_hook(env):
    """Fit the sales process to the stages, leads and closed deals that are there.

    A fresh database gets the stages of this module. One in use keeps what the company
    made of its stages; its history is rebuilt from what Odoo has tracked. See
    docs/adr/0007.
    """
    _adapt_stages(env)
    if not env["ir.config_parameter"].get_param(MODE_PARAMETER):
        _ask_for_the_usual(env)
        _turn_leads_on(env)
    switch_paid_offers(env, on=False)
    _rebuild_history(env)


def uninstall_hook(env):
    """Leave the probabilities of open deals to Odoo's learning again."""
    env["crm.team"].with_context(active_test=False).search(
        []
    ).probability_mode = "learned"
    switch_paid_offers(env, on=True)


def _adapt_stages(env):
    """Name Odoo's stages and give each a probability.

    A stage somebody has renamed keeps its name, one that is gone stays away.
    """
    untouched = {}
    for xmlid, (core_name, _name, probability) in stage_names(env).items():
        stage = env.ref(f"crm.{xmlid}", raise_if_not_found=False)
        if stage:
            stage.default_probability = probability
            if stage.with_context(lang="en_US").name == core_name:
                untouched[xmlid] = stage
    for code, _language in env["res.lang"].get_installed():
        names = stage_names(env(context={**env.context, "lang": code}))
        for xmlid, stage in untouched.items():
            stage.with_context(lang=code).name = names[xmlid][1]
    _place_negotiation(env)
    _spread_probabilities(env)


def _core_stages(env):
    """Those of Odoo's own stages that are still there."""
    stages = [env.ref(f"crm.{x}", raise_if_not_found=False) for x in stage_names(env)]
    return env["crm.stage"].union(*filter(None, stages))


def _place_negotiation(env):
    """Put our stage before the won ones, or take it away where the company's own
    pipeline is longer than Odoo's."""
    negotiation = env.ref(f"crm_sales_process.{NEGOTIATION}")
    own = env["crm.stage"].search([("id", "!=", negotiation.id)])
    if own - _core_stages(env):
        negotiation.unlink()
        return
    won = own.filtered("is_won")[:1]
    before = own.filtered(lambda stage: not stage.is_won)[-1:]
    if before and won and before.sequence + 1 < won.sequence:
        negotiation.sequence = before.sequence + 1


def _spread_probabilities(env):
    """The company's own stages: from 10 to 80 % in their order."""
    ours = env.ref(f"crm_sales_process.{NEGOTIATION}", raise_if_not_found=False)
    known = _core_stages(env) | (ours or env["crm.stage"])
    stages = env["crm.stage"].search([])
    stages.filtered("is_won").default_probability = 100
    open_stages = stages.filtered(lambda stage: not stage.is_won)
    for place, stage in enumerate(open_stages, start=1):
        if stage not in known:
            stage.default_probability = round(10 + 70 * place / len(open_stages))


def _ask_for_the_usual(env):
    """What the stages of a fresh database ask for."""
    fields = env["ir.model.fields"]
    for xmlid, names in {
        "crm.stage_lead3": ["expected_revenue"],
        f"crm_sales_process.{NEGOTIATION}": ["expected_revenue", "date_deadline"],
    }.items():
        stage = env.ref(xmlid, raise_if_not_found=False)
        if stage:
            for name in names:
                stage.required_field_ids |= fields._get("crm.lead", name)


def _turn_leads_on(env):
    """Leads apart from the pipeline, as the setting of Odoo does it: on a database
    nobody has used yet. A company in use has chosen. See docs/adr/0054."""
    env.ref("base.group_user")._apply_group(env.ref("crm.group_use_lead"))
    teams = env["crm.team"].with_context(active_test=False).search([])
    teams.filtered("use_opportunities").use_leads = True


def switch_paid_offers(env, on: bool):
    """Switch what other modules of Odoo sell within CRM (data about leads, leads by the
    dozen) off: it sends addresses of prospects to a service outside. Not deleted:
    whoever wants it switches its job and its views on again.

    Known by what they do: modules of Odoo that stand beside this one.
    """
    offers = env["ir.model.data"].search(
        [("module", "in", PAID_MODULES), ("model", "in", list(PAID_FIELD))]
    )
    for offer in offers:
        record = env[offer.model].with_context(active_test=False).browse(offer.res_id)
        if offer.model != "ir.ui.view" or record.model == "crm.lead":
            record.exists().write(PAID_FIELD[offer.model](env, on))
    if offers and not on:
        env["ir.config_parameter"].set_param("crm.iap.lead.enrich.setting", "manual")


def _rebuild_history(env):
    """Give every lead its stays, as far as Odoo's tracking of the stage goes back.

    What was tracked says when a lead came from which stage into which; the stage it
    is in now is its open stay. Amounts and probabilities of that time are unknown
    and stay empty, so no report judges them.
    """
    env["crm.lead.stage.move"]._write_pending()
    env.flush_all()
    stage_field = env["ir.model.fields"]._get("crm.lead", "stage_id")
    # a database fresh from a dump has no statistics: it would be walked in nested loops
    env.cr.execute("ANALYZE crm_lead, mail_message, mail_tracking_value")
    env.cr.execute(_insert_stays(_known_stays(_known_entries(stage_field.id))))
    _link_stays(env)
    env.invalidate_all()


def _known_entries(stage_field_id: int) -> SQL:
    """When each lead came into which stage: one row for its creation, one for each
    tracked change; ``place`` orders those of one moment."""
    return SQL(
        """
        WITH change AS (
            SELECT message.res_id AS lead_id, message.date, message.id,
                   author.id AS mover_id,
                   NULLIF(tracking.old_value_integer, 0) AS old,
                   NULLIF(tracking.new_value_integer, 0) AS new
              FROM mail_tracking_value tracking
              JOIN mail_message message ON message.id = tracking.mail_message_id
         LEFT JOIN res_users author ON author.id = message.create_uid
             WHERE tracking.field_id = %s
               AND message.model = 'crm.lead'
        ), first AS (
            SELECT DISTINCT ON (lead_id) lead_id, old
              FROM change ORDER BY lead_id, date, id
        )
        SELECT lead.id AS lead_id, lead.create_date AS date_entered,
               lead.create_uid AS mover_id, 0 AS place,
               COALESCE(first.old, lead.stage_id) AS stage_id
          FROM crm_lead lead
     LEFT JOIN first ON first.lead_id = lead.id
     UNION ALL
        SELECT lead.id, GREATEST(change.date, lead.create_date),
               change.mover_id, change.id, change.new
          FROM change
          JOIN crm_lead lead ON lead.id = change.lead_id
        """,
        stage_field_id,
    )


def _known_stays(entries: SQL) -> SQL:
    """Each entry with the next one's time and the stage before it; the last stay of
    an archived lead ends when it was closed."""
    return SQL(
        """
        SELECT stay.lead_id, stay.stage_id, stay.from_stage_id, stay.mover_id,
               stay.date_entered, stay.place,
               COALESCE(stay.next_entered, CASE WHEN NOT lead.active
                   THEN GREATEST(COALESCE(lead.date_closed, lead.write_date),
                                 stay.date_entered) END) AS date_left,
               CASE WHEN stay.next_entered IS NOT NULL THEN 'moved'
                    WHEN NOT lead.active THEN 'closed' END AS ending
          FROM (SELECT entry.*,
                       lead(date_entered) OVER following AS next_entered,
                       lag(stage_id) OVER following AS from_stage_id
                  FROM (%s) entry
                WINDOW following AS (
                    PARTITION BY lead_id ORDER BY date_entered, place)) stay
          JOIN crm_lead lead ON lead.id = stay.lead_id
        """,
        entries,
    )


def _insert_stays(stays: SQL) -> SQL:
    """Insert the stays of leads that have no history yet, in order; a stage that is
    gone is left empty."""
    return SQL(
        """
        INSERT INTO crm_lead_stage_move (
               lead_id, lead_type, stage_id, from_stage_id, entry, ending, is_slip,
               mover_id, date_entered, date_left, duration, team_id, user_id)
        SELECT lead.id, lead.type, stage.id, origin.id, 'known', stay.ending, false,
               stay.mover_id, stay.date_entered, stay.date_left,
               COALESCE(extract(epoch FROM stay.date_left - stay.date_entered), 0),
               lead.team_id, lead.user_id
          FROM (%s) stay
          JOIN crm_lead lead ON lead.id = stay.lead_id
           AND NOT EXISTS (SELECT FROM crm_lead_stage_move move
                            WHERE move.lead_id = lead.id)
     LEFT JOIN crm_stage stage ON stage.id = stay.stage_id
     LEFT JOIN crm_stage origin ON origin.id = stay.from_stage_id
      ORDER BY lead.id, stay.date_entered, stay.place
        """,
        stays,
    )


def _link_stays(env):
    """Say of each stay which was before it."""
    env.cr.execute(
        """
        UPDATE crm_lead_stage_move move SET previous_id = before.id
          FROM (SELECT id, lag(id) OVER (PARTITION BY lead_id ORDER BY id) AS before
                  FROM crm_lead_stage_move) chain
          JOIN crm_lead_stage_move before ON before.id = chain.before
         WHERE chain.id = move.id AND move.entry = 'known'
        """
    )
