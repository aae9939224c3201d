"""A graph of customers with rows of every kind, tables with every kind of unique index,
and the fingerprint of everything that a merge can touch."""

from collections import defaultdict

from odoo.tools import SQL

#: no models: how PostgreSQL can forbid that two rows become one's
PROBES = """
CREATE TABLE merge_probe (
    id serial PRIMARY KEY, partner_id int REFERENCES res_partner ON DELETE CASCADE,
    other_id int REFERENCES res_partner ON DELETE SET NULL,
    number int, is_open boolean, content text,
    CONSTRAINT merge_probe_two_differ CHECK (partner_id <> other_id),
    UNIQUE (partner_id, number));
CREATE UNIQUE INDEX merge_probe_open ON merge_probe (partner_id) WHERE is_open;
CREATE UNIQUE INDEX merge_probe_text
    ON merge_probe ((COALESCE(other_id, 0) || ':' || lower(content)));
CREATE TABLE merge_probe_part (
    id serial PRIMARY KEY, probe_id int REFERENCES merge_probe ON DELETE CASCADE,
    content text);
CREATE TABLE merge_probe_link (
    one_id int REFERENCES res_partner ON DELETE CASCADE,
    two_id int REFERENCES res_partner ON DELETE CASCADE, PRIMARY KEY (one_id, two_id));
"""

#: what a merge says of itself
OWN = {
    "crm_customer_merge",
    "crm_customer_merge_line",
    "crm_customer_merge_absorbed_rel",
    "crm_customer_pair",
}


class Fingerprint:
    """What stands in all tables that rows of customers can be in."""

    def __init__(self, env):
        self.env = env
        mover = env["crm.merge.mover"]
        tables = {"res_partner", "res_partner_bank", "merge_probe_part"}
        for model in ("res.partner", "res.partner.bank"):
            tables |= {one.table for one in mover._pointers(model)}
        for table in list(tables):
            rows = env.execute_query(
                SQL(
                    "SELECT DISTINCT conrelid::regclass::text FROM pg_constraint"
                    " WHERE contype = 'f' AND confrelid = %s::regclass"
                    " AND confdeltype = 'c'",
                    table,
                )
            )
            tables |= {name.strip('"') for (name,) in rows}
        passing = mover._passing_tables()
        self.tables = sorted(
            table
            for table in tables - OWN - passing
            if not table.startswith(("base_partner_merge", "ir_model_fields"))
        )

    def take(self) -> dict[str, str]:
        """Return table -> hash of its rows."""
        self.env.cr.flush()
        query = SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s, md5(string_agg(t::text, '|' ORDER BY t::text)) FROM %s t",
                table,
                SQL.identifier(table),
            )
            for table in self.tables
        )
        return dict(self.env.execute_query(query))

    def rows(self, table) -> set[str]:
        query = SQL("SELECT t::text FROM %s t", SQL.identifier(table))
        return {row for (row,) in self.env.execute_query(query)}


class Graph:
    """Customers with random rows."""

    def __init__(self, case, random, size):
        self.case, self.env, self.random = case, case.env, random
        self.partners = case.env["res.partner"]
        for number in range(size):
            self.partners |= self.customer(number)
        self.docs = case.docs
        self.fill()
        self.env.cr.flush()
        self.env.invalidate_all()

    def customer(self, number):
        random = self.random
        vals = {
            "name": f"并购{number}{random.choice('甲乙丙丁')}有限公司",
            "is_company": True,
            "lifecycle_state": random.choice(["potential", "active", False]),
            "phone": random.choice([False, f"021 5888 12{number}0"]),
            "email": random.choice([False, f"info{number}@merge.example.com"]),
            "website": random.choice([False, f"https://m{number}.example.com"]),
            "ref": random.choice([False, f"R{number}"]),
            "former_names": random.choice([False, f"旧名{number}"]),
            "barcode": random.choice([False, f"B{number}{random.random()}"]),
            "category_id": random.sample(self.case.tags.ids, random.randint(0, 3)),
        }
        return self.env["res.partner"].create(vals)

    def fill(self):
        random = self.random
        for _time in range(random.randint(3, 12)):
            kind = random.choice(
                ["message", "follower", "follows", "contact", "lead", "activity",
                 "file", "bank", "xmlid", "note"]
            )  # fmt: skip
            getattr(self, f"make_{kind}")(random.choice(self.partners))
        self.probe()

    def make_message(self, partner):
        self.env["mail.message"].create(
            {
                "model": "res.partner", "res_id": partner.id, "body": "Hello",
                "author_id": self.random.choice(self.partners).id,
                "message_type": "comment",
                "notification_ids": [
                    (0, 0, {"res_partner_id": one.id, "notification_type": "inbox"})
                    for one in self.random.sample(list(self.partners), 2)
                ],
            }
        )  # fmt: skip

    def make_note(self, partner):
        partner.message_post(body="A note")

    def make_follower(self, partner):
        partner.message_subscribe(
            partner_ids=self.random.sample(self.partners.ids, 1)
            + self.env.user.partner_id.ids
        )

    def make_follows(self, partner):
        self.random.choice(self.docs).message_subscribe(partner_ids=partner.ids)

    def make_contact(self, partner):
        self.env["res.partner"].create({"name": "张三", "parent_id": partner.id})

    def make_lead(self, partner):
        self.env["crm.lead"].create(
            {"name": "Sensors", "partner_id": partner.id, "type": "opportunity"}
        )

    def make_activity(self, partner):
        partner.activity_schedule("mail.mail_activity_data_call", summary="Call")

    def make_file(self, partner):
        self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"x", "res_model": "res.partner",
             "res_id": partner.id}
        )  # fmt: skip

    def make_bank(self, partner):
        number = f"DE{self.random.randint(1, 3)}"
        if number not in partner.bank_ids.mapped("acc_number"):
            self.env["res.partner.bank"].create(
                {"acc_number": number, "partner_id": partner.id}
            )

    def make_xmlid(self, partner):
        self.env["ir.model.data"].create(
            {"module": "merge_probe", "name": f"p{self.random.random()}",
             "model": "res.partner", "res_id": partner.id}
        )  # fmt: skip

    def probe(self):
        random, ids = self.random, self.partners.ids
        for _time in range(random.randint(0, 14)):
            row = (
                random.choice(ids), random.choice([*ids, None, None]),
                random.randint(1, 4), random.random() < 0.2,
                random.choice(["a", "A", "b", None]),
            )  # fmt: skip
            self.try_(
                "INSERT INTO merge_probe (partner_id, other_id, number, is_open,"
                " content) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                row,
            )
        self.env.cr.execute(
            "INSERT INTO merge_probe_part (probe_id, content)"
            " SELECT id, 'x' FROM merge_probe"
        )
        for _time in range(random.randint(0, 6)):
            self.try_(
                "INSERT INTO merge_probe_link VALUES (%s, %s) ON CONFLICT DO NOTHING",
                random.sample(ids, 2),
            )

    def try_(self, statement, values):
        if values[0] != values[1]:
            self.env.cr.execute(statement, values)

    # ------------------------------------------------------------
    # LATER EDITS
    # ------------------------------------------------------------

    def edits(self, survivor):
        """Return statements that change some of what is there after a merge."""
        found, random = [], self.random
        for table, column in EDITED.items():
            ids = self.env.execute_query(SQL(POINTED[table], survivor.id))
            found += [
                self.edit(table, id_, column) for (id_,) in ids if random.random() < 0.2
            ]
        if random.random() < 0.5:
            found.append(
                SQL("UPDATE res_partner SET website = 'x' WHERE id = %s", survivor.id)
            )
        if random.random() < 0.5:
            found.append(
                SQL(
                    "INSERT INTO merge_probe (id, partner_id, number) VALUES"
                    " (%s, %s, %s)",
                    random.randint(10**6, 10**7),
                    survivor.id,
                    random.randint(10**6, 10**7),
                )
            )
        return found

    def edit(self, table, id_, column):
        kind = self.random.random()
        if kind < 0.3:
            return SQL("DELETE FROM %s WHERE id = %s", SQL.identifier(table), id_)
        if kind < 0.6 and table == "merge_probe":
            return SQL(
                "UPDATE merge_probe SET partner_id = %s, number = 1000 + id,"
                " is_open = NULL WHERE id = %s",
                self.env.user.partner_id.id,
                id_,
            )
        return SQL(
            "UPDATE %s SET %s = %s WHERE id = %s",
            SQL.identifier(table),
            SQL.identifier(column),
            f"later {id_}",
            id_,
        )


EDITED = {
    "merge_probe": "content",
    "mail_message": "subject",
    "mail_activity": "summary",
    "ir_attachment": "name",
}
_HANGING = "SELECT id FROM {} WHERE {} = 'res.partner' AND res_id = %s{} ORDER BY id"
POINTED = {
    "merge_probe": "SELECT id FROM merge_probe WHERE partner_id = %s ORDER BY id",
    "mail_message": _HANGING.format(
        "mail_message", "model", " AND message_type = 'comment'"
    ),
    "mail_activity": _HANGING.format("mail_activity", "res_model", ""),
    "ir_attachment": _HANGING.format(
        "ir_attachment", "res_model", " AND res_field IS NULL"
    ),
}


def difference(one, other) -> dict[str, tuple]:
    """Return the tables that are not the same."""
    found = defaultdict(tuple)
    for table in one.keys() | other.keys():
        if one.get(table) != other.get(table):
            found[table] = (one.get(table), other.get(table))
    return dict(found)
