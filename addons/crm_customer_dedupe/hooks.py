"""Installation on a database that is in use."""

from .models.crm_customer_pair_find import BATCH

# of so few customers the doubles are there when the module is
AT_ONCE = 10 * BATCH


def post_init_hook(env):
    """Find the doubles among the customers that are there; of many a job does it."""
    env.flush_all()
    customers = env["res.partner"].search_count(
        [("lifecycle_state", "!=", False)], limit=AT_ONCE + 1
    )
    if customers <= AT_ONCE:
        env["crm.customer.pair"]._cron_find()
    else:
        env.ref("crm_customer_dedupe.ir_cron_pairs")._trigger()
