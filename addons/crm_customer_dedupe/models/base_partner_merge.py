from odoo import api, models
from odoo.tools import split_every

from odoo.addons.crm_suite_base.models.base_partner_merge import DERIVED

from ..statements import merge_moving
from .crm_customer_merge_journal import MERGING
from .crm_customer_pair_decide import TAKEN
from .crm_merge_mover import UNITED

#: as many as Odoo merges into one at a time
AT_ONCE = 2


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Odoo's merge, by whichever door, goes through the engine: any number of
    customers, no row lost, written down so that it can be taken back."""

    _inherit = "base.partner.merge.automatic.wizard"

    # ------------------------------------------------------------
    # ENGINE
    # ------------------------------------------------------------

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if len(partners) < 2 or MERGING.is_on(self.env):
            return super()._merge(partner_ids, dst_partner, extra_checks)
        if partners.browse().has_access("write"):
            partners.check_access("write")
        target = self._survivor_of(partners, dst_partner)
        sources = partners - target
        under = self.env["crm.customer.merge"]._begin(sources, target)
        here = MERGING.on(self, under)
        for some in split_every(AT_ONCE, sources.ids, list):
            super(BasePartnerMergeAutomaticWizard, here)._merge(
                [*some, target.id],
                MERGING.on(target, under),
                extra_checks,
            )
        under.merge._finish(under.pointers)
        self.env.invalidate_all()
        return None

    def _update_foreign_keys_generic(self, model, src_records, dst_record):
        under = MERGING.value(self.env)
        if not under or model not in UNITED:
            return super()._update_foreign_keys_generic(model, src_records, dst_record)
        keys = [one for one in under.pointers[model] if one.kind == "key"]
        return self.env["crm.merge.mover"]._move(
            keys, model, src_records.ids, dst_record.id, under.note
        )

    def _update_reference_fields_generic(
        self, referenced_model, src_records, dst_record, additional_update_records=None
    ):
        under = MERGING.value(self.env)
        if not under or referenced_model not in UNITED:
            return super()._update_reference_fields_generic(
                referenced_model, src_records, dst_record, additional_update_records
            )
        others = under.pointers[referenced_model]
        self.env["crm.merge.mover"]._move(
            [one for one in others if one.kind != "key"],
            referenced_model,
            src_records.ids,
            dst_record.id,
            under.note,
        )
        self._fill_by_key(src_records, dst_record)
        return None

    def _fill_by_key(self, sources, target):
        """Values by company and custom fields: what the target does not say, the first
        of the sources that does says."""
        for name, field in target._fields.items():
            if not field.store or not (
                field.company_dependent or field.type == "properties"
            ):
                continue
            fill = merge_moving.fill_by_key(
                target._table, name, sources.ids, target.id, field.company_dependent
            )
            self.env.cr.execute(fill)
        target.invalidate_recordset()

    def _update_values(self, src_partners, dst_partner):
        """Put the sources away first: what there can be once, a barcode, is not theirs
        any more when the one that stays gets it."""
        if not MERGING.is_on(self.env):
            return super()._update_values(src_partners, dst_partner)
        if not dst_partner.active and any(src_partners.mapped("active")):
            dst_partner.active = True
        # sudo: as Odoo deletes them
        src_partners.sudo()._put_away()
        result = super()._update_values(src_partners, dst_partner)
        self._take_over(src_partners, dst_partner)
        return result

    def _take_over(self, src_partners, dst_partner):
        """Write the values that a person has chosen of the one that goes; see
        ``crm.customer.pair.merge_into``."""
        for name in TAKEN.value(self.env) or ():
            field = dst_partner._fields[name]
            source = src_partners.filtered(name)[:1]
            if source:
                value = field.convert_to_write(source[name], source)
                dst_partner.write({name: value})

    # ------------------------------------------------------------
    # TAKEN BACK
    # ------------------------------------------------------------

    @api.model
    def _after_undo(self, partners, changed):
        """Bring up to date what follows from rows that went back.

        :param changed: those about whom something has happened since the merge
        """
        self._rows_moved(partners)
        # sudo: histories are the system's
        self.env["crm.lifecycle.engine"].sudo()._catch_up(changed.ids)

    # ------------------------------------------------------------
    # PAIRS
    # ------------------------------------------------------------

    @api.model
    def _merge_rooms(self):
        return super()._merge_rooms() | {
            ("crm_customer_match", "partner_id"): DERIVED,
            ("crm_customer_match_key", "partner_id"): DERIVED,
            ("crm_customer_pair", "one_id"): self._pairs_make_room,
            ("crm_customer_pair", "other_id"): None,
        }

    @api.model
    def _pairs_make_room(self, src_partners, dst_partner):
        """Note what is merged, and pair the others with the one that stays; where both
        have a pair with the same third, the one that somebody decided stays."""
        family = src_partners | dst_partner
        # sudo: the system's rows, whoever may see them; who merges was asked
        pairs = self.env["crm.customer.pair"].sudo()
        involved = pairs.search(
            [
                ("state", "!=", "merged"),
                "|",
                ("one_id", "in", family.ids),
                ("other_id", "in", family.ids),
            ]
        )
        inner = involved.filtered(lambda p: p.one_id in family and p.other_id in family)
        for pair in inner:
            gone = (pair.one_id | pair.other_id) - dst_partner
            pair.write(
                {
                    **pairs._decided("merged"),
                    "one_id": dst_partner.id,
                    "other_id": False,
                    "merged_name": gone[-1:].display_name,
                }
            )
        self._pair_with(dst_partner, involved - inner, family)
        pairs.flush_model()

    @api.model
    def _pair_with(self, dst_partner, pairs, family):
        by_third = pairs.grouped(lambda pair: (pair.one_id | pair.other_id) - family)
        for third, several in by_third.items():
            best, *others = several.sorted(
                lambda pair: (pair.state == "open", -pair.score, pair.id)
            )
            pairs.browse(pair.id for pair in others).unlink()
            one, other = sorted((dst_partner.id, third.id))
            if (best.one_id.id, best.other_id.id) != (one, other):
                best.write({"one_id": one, "other_id": other})
