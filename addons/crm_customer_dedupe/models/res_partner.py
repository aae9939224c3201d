from odoo import api, models, tools


class ResPartner(models.Model):
    """Customers hear of their doubles, and of those they were merged with."""

    _name = "res.partner"
    _inherit = ("crm.duplicate.entry.mixin", "crm.merged.mixin", "res.partner")

    @api.model
    def find_or_create(self, email, assert_valid_email=False):
        normalized = tools.email_normalize(email or "")
        known = self._merged_by_email({normalized} if normalized else ())
        if known and not self.search_count(
            [("email_normalized", "=", normalized)], limit=1
        ):
            return known[normalized]
        return super().find_or_create(email, assert_valid_email)

    @api.model
    def _find_or_create_from_emails(
        self, emails, ban_emails=None, filter_found=None, additional_values=None,
        no_create=False, sort_key=None, sort_reverse=True,
    ):  # fmt: skip
        """Mail of who went into another is the other's."""
        options = {
            "ban_emails": ban_emails,
            "filter_found": filter_found,
            "additional_values": additional_values,
            "sort_key": sort_key,
            "sort_reverse": sort_reverse,
        }
        normalized = [tools.email_normalize(email or "") for email in emails]
        wanted = {one for one in normalized if one} - set(ban_emails or ())
        known = self._merged_by_email(wanted)
        if filter_found:
            known = {key: one for key, one in known.items() if filter_found(one)}
        find = super()._find_or_create_from_emails
        if not known:
            return find(emails, no_create=no_create, **options)
        found = [
            one or known.get(key, one)
            for one, key in zip(
                find(emails, no_create=True, **options), normalized, strict=True
            )
        ]
        missing = [email for email, one in zip(emails, found, strict=True) if not one]
        made = iter(find(missing, no_create=no_create, **options) if missing else ())
        return [one or next(made) for one in found]
