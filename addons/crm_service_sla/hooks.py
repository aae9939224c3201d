from .models.crm_service_ticket_clock import UNKNOWN_PAST

BATCH = 1000


def post_init_hook(env):
    """Give the tickets that are there a clock.

    What happened to them before is not known, so it is not counted: it stands in the
    ledger as time before the clock, and their targets count from now on.
    """
    tickets = env["crm.service.ticket"].with_context(active_test=False)
    last = 0
    while found := tickets.search([("id", ">", last)], order="id", limit=BATCH):
        UNKNOWN_PAST.on(found)._sla_sync()
        last = found[-1].id


def uninstall_hook(env):
    """The table takes its triggers along; their functions are left to us."""
    env.cr.execute(
        """
        DROP FUNCTION IF EXISTS crm_service_sla_entry_is_final() CASCADE;
        DROP FUNCTION IF EXISTS crm_service_sla_entry_adds_up() CASCADE;
        """
    )
