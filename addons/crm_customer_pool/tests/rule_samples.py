"""A sample of the rules of the pool, for the tests that hold for every rule."""


def recycle(env):
    return {"name": "Sample", "days": 4, "first_days": 2, "last_days": 1}


def night(env, rule):
    env["crm.pool.engine"].sudo()._cron_night()


SAMPLES = {"crm.pool.rule": recycle}
USES = {"crm.pool.rule": night}
