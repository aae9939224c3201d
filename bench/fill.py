"""A hundred thousand plausible partners in seconds, the same on both sides.

Rows go in by SQL; what our modules compute and store is then computed by the ORM
itself, so that it is right by definition.
"""

from __future__ import annotations

from typing import Any

CITIES = "北京 上海 广州 深圳 杭州 苏州 成都 武汉 西安 青岛".split()
WORDS = "华信 明远 宏达 瑞丰 中科 嘉禾 东方 恒通 金鼎 新锐 海纳 盛世 博雅 天成".split()
TRADES = "科技 机械 贸易 电子 医药 食品 物流".split()
FORMS = "有限公司 有限责任公司 股份有限公司".split()
SURNAMES = list("王李张刘陈杨黄赵吴周徐孙马朱胡")
GIVEN = "伟 芳 秀英 敏 静 丽 强 磊 洋 艳 勇 建国 志强".split()
GROUPS = (
    "base.group_user",
    "base.group_partner_manager",
    "sales_team.group_sale_salesman",
    "crm_customer_center.group_sales_rep",
)
REPS = 20
COMPANIES_OF_TEN = 7
BATCH = 2000

# One row per partner g: 7 of 10 are companies, the others people of a company;
# 20 of 25 companies have one of the reps as owner.
_INSERT = """
WITH base AS (
    SELECT g,
           %(first)s + g AS id,
           (g %% 10) < %(companies)s AS is_company,
           %(first)s + (g / 10) * 10 + g %% %(companies)s AS company
      FROM generate_series(0, %(size)s - 1) g
), named AS (
    SELECT base.*,
           CASE WHEN is_company
                THEN (%(cities)s::text[])[1 + g %% %(n_cities)s]
                     || (%(words)s::text[])[1 + (g / 7) %% %(n_words)s]
                     || g::text
                     || (%(trades)s::text[])[1 + (g / 3) %% %(n_trades)s]
                     || (%(forms)s::text[])[1 + g %% %(n_forms)s]
                ELSE (%(surnames)s::text[])[1 + g %% %(n_surnames)s]
                     || (%(given)s::text[])[1 + (g / 11) %% %(n_given)s]
           END AS name,
           '+86' || (13000000000 + g * 37)::text AS phone,
           'kontakt' || g || '@firma' || (g / 10) || '.example' AS email
      FROM base
)
INSERT INTO res_partner ({columns})
SELECT {values}
  FROM named
"""


# The SQL of each column that is filled.
_WANTED = {
    "id": "id",
    "name": "name",
    "complete_name": "name",
    "commercial_company_name": "CASE WHEN is_company THEN name END",
    "is_company": "is_company",
    "parent_id": "CASE WHEN NOT is_company THEN company END",
    "commercial_partner_id": "CASE WHEN is_company THEN id ELSE company END",
    "user_id": "CASE WHEN is_company AND g %% 25 < %(n_reps)s"
    " THEN (%(reps)s::int[])[1 + g %% 25] END",
    "active": "true",
    "partner_share": "true",
    "type": "'contact'",
    "lang": "'zh_CN'",
    "color": "0",
    "phone": "phone",
    "phone_sanitized": "phone",
    "email": "email",
    "email_normalized": "email",
    "city": "(%(cities)s::text[])[1 + g %% %(n_cities)s]",
    "street": "'解放路' || g %% 900 || '号'",
    "country_id": "%(country)s",
    "state_id": "(%(states)s::int[])[1 + g %% cardinality(%(states)s::int[])]",
    "create_uid": "1",
    "write_uid": "1",
    "create_date": "now() - (g %% 1000) * interval '1 day'",
    "write_date": "now()",
    # ours: every company is a customer, also those nobody owns
    "lifecycle_state": "CASE WHEN is_company THEN 'potential' END",
}


def fill(env: Any, size: int) -> None:
    """Fill an empty database with reps and ``size`` partners, and commit.

    :param env: Odoo's environment of the superuser
    """
    # PostgreSQL plans the checks of foreign keys once per session, at the first row,
    # on tables that are nearly empty: it would go on to scan the growing table for
    # each row, for minutes.
    env.cr.execute("SET LOCAL enable_seqscan = off")
    reps = _create_reps(env)
    first = _insert_partners(env, size, reps)
    env.cr.execute("SET LOCAL enable_seqscan = on")
    env.cr.execute("ANALYZE res_partner")
    _compute_ours(env, first, size)
    env.cr.commit()


def _create_reps(env: Any) -> list[int]:
    """Create the users who own customers; return their ids."""
    found = [env.ref(name, raise_if_not_found=False) for name in GROUPS]
    team = env["crm.team"].create({"name": "Bench"})
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"Rep {number}",
                    "login": f"rep{number}",
                    "group_ids": [(6, 0, [group.id for group in found if group])],
                }
                for number in range(REPS)
            ]
        )
    )
    env["crm.team.member"].create(
        [{"user_id": user.id, "crm_team_id": team.id} for user in users]
    )
    env.flush_all()
    return users.ids


def _insert_partners(env: Any, size: int, reps: list[int]) -> int:
    """Insert the rows; return the id of the first."""
    env.cr.execute("SELECT max(id) FROM res_partner")
    first = (env.cr.fetchone()[0] // 1000 + 1) * 1000
    china = env.ref("base.cn")
    values = _column_values(env)
    query = _INSERT.format(columns=", ".join(values), values=", ".join(values.values()))
    # The rows are right by construction. Checked one by one, each foreign key would be
    # looked up in a table PostgreSQL still takes for an empty one: minutes.
    env.cr.execute("SET LOCAL session_replication_role = replica")
    env.cr.execute(
        query,
        {
            "first": first,
            "size": size,
            "companies": COMPANIES_OF_TEN,
            "reps": reps,
            "n_reps": len(reps),
            "country": china.id,
            "states": env["res.country.state"]
            .search([("country_id", "=", china.id)])
            .ids,
            **_word_lists(),
        },
    )
    env.cr.execute("SET LOCAL session_replication_role = origin")
    env.cr.execute("ANALYZE res_partner")
    env.cr.execute("SELECT setval('res_partner_id_seq', %s)", [first + size])
    env.invalidate_all()
    return first


def _word_lists() -> dict[str, Any]:
    """Return the lists of words with their lengths, as query parameters."""
    lists = {
        "cities": CITIES,
        "words": WORDS,
        "trades": TRADES,
        "forms": FORMS,
        "surnames": SURNAMES,
        "given": GIVEN,
    }
    lengths = {f"n_{key}": len(words) for key, words in lists.items()}
    return lists | lengths


def _column_values(env: Any) -> dict[str, str]:
    """Return the SQL expression of every column that is filled.

    Columns only one side has are left out on the other; a required column nobody
    thought of is copied from the company's own partner.
    """
    env.cr.execute(
        "SELECT column_name, is_nullable = 'NO' AND column_default IS NULL"
        " FROM information_schema.columns WHERE table_name = 'res_partner'"
    )
    required = dict(env.cr.fetchall())
    values = {name: sql for name, sql in _WANTED.items() if name in required}
    model = f"(SELECT %s FROM res_partner WHERE id = {env.company.partner_id.id})"
    for name, needed in required.items():
        if needed and name not in values:
            values[name] = model % name
    return values


def _compute_ours(env: Any, first: int, size: int) -> None:
    """Compute the stored fields of modules that are not Odoo's own."""
    ours = set(_own_modules())
    fields = [
        field
        for field in env["res.partner"]._fields.values()
        if field.store and field.compute and ours & set(field._modules)
    ]
    for start in range(first, first + size, BATCH):
        stop = min(start + BATCH, first + size)
        partners = env["res.partner"].browse(range(start, stop))
        for field in fields:
            env.add_to_compute(field, partners)
        env.flush_all()
        env.invalidate_all()
    if "crm.partner.key" in env:
        # of those whose columns no module computes
        env["crm.partner.key"]._build_now_or_later(most=first + size)


def _own_modules() -> list[str]:
    """Return the names of the modules in this repository."""
    from devenv import addons

    return list(addons.scan())
