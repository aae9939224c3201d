"""The index of the record rules has a second column now; Odoo keeps the former one."""


def migrate(cr, version):
    """Drop the index on customer_owner_id alone."""
    cr.execute("DROP INDEX IF EXISTS res_partner__customer_owner_id_index")
