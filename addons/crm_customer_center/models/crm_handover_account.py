from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

ACCOUNTS = "base.group_erp_manager"
SYSTEM_ADMIN = "base.group_system"


class CrmHandover(models.Model):
    """The end of an account: archived, with all that could open it again.

    Only who administers users closes accounts, never the own one, and nobody closes
    one that may more than the own. See docs/adr/0061.
    """

    _inherit = "crm.handover"

    closed_date = fields.Datetime("Account Closed On", readonly=True, copy=False)
    closed_by_id = fields.Many2one(
        "res.users", "Account Closed By", readonly=True, copy=False,
        index="btree_not_null", ondelete="set null",
    )  # fmt: skip
    closed_json = fields.Json("What Was Closed", readonly=True, copy=False)
    closed_words = fields.Char("Taken Away", compute="_compute_closed_words")
    may_close = fields.Boolean(compute="_compute_may_close")
    remaining = fields.Char(
        compute="_compute_remaining", help="What the person still has."
    )

    @api.depends_context("uid")
    @api.depends("state", "person_id", "reason", "closed_date")
    def _compute_may_close(self):
        for handover in self:
            handover.may_close = (
                handover.state == "done"
                and handover.reason == "leaves"
                and not handover.is_part
                # sudo: whether an account is closed
                and handover.sudo().person_id.active
                and not handover._account_obstacle()
            )

    @api.depends_context("uid", "lang")
    @api.depends("state", "person_id")
    def _compute_remaining(self):
        """What was left, or has come since: it is with the person still."""
        for handover in self:
            mine = handover.with_env(self.env)
            is_shown = handover.state == "done" and not handover.is_part
            handover.remaining = is_shown and ", ".join(
                f"{source.label} {count}" for source, count in mine._remaining()
            )

    @api.depends_context("lang")
    @api.depends("closed_json")
    def _compute_closed_words(self):
        labels = {
            "devices": self.env._("Devices and sessions"),
            "api_keys": self.env._("API keys"),
            "trusted": self.env._("Trusted devices"),
            "totp": self.env._("Codes of an authenticator"),
            "passkeys": self.env._("Passkeys"),
            "followed": self.env._("Records followed"),
        }
        for handover in self:
            handover.closed_words = ", ".join(
                f"{labels[key]} {count}"
                for key, count in (handover.closed_json or {}).items()
                if count and key in labels
            )

    def _remaining(self) -> list[tuple]:
        """Return sources and how many records of them the person still has."""
        sources = self._readable_sources()
        found = []
        for source in sources.values():
            domain = self._source_domain(source, sources)
            if domain is not None and (
                count := self.env[source.model].search_count(domain)
            ):
                found.append((source, count))
        return found

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def _account_obstacle(self) -> str:
        """Return why the user does not close this account, if so."""
        self.ensure_one()
        user = self.env.user
        # sudo: what an account may
        person = self.sudo().person_id
        if not user.has_group(ACCOUNTS):
            return self.env._("Only who administers users closes accounts.")
        if person == user:
            return self.env._("Nobody closes the own account.")
        if person._is_superuser() or person == self.env.ref("base.user_admin"):
            return self.env._("The account of the system stays.")
        if person.has_group(SYSTEM_ADMIN) and not user.has_group(SYSTEM_ADMIN):
            return self.env._(
                "This account may more than yours. Ask an administrator of the system."
            )
        return ""

    # ------------------------------------------------------------
    # CLOSING
    # ------------------------------------------------------------

    def action_close_account(self):
        """Archive the account, and take away all that could open it.

        :raises AccessError: for who may not
        :raises UserError: before the hand-over is done
        """
        self.ensure_one()
        self.check_access("read")
        if obstacle := self._account_obstacle():
            raise AccessError(obstacle)
        # sudo: who may close accounts was asked just now
        own = self.sudo()
        own.lock_for_update()
        person = own.person_id
        if own.state != "done" or own.is_part or own.reason != "leaves":
            raise UserError(
                self.env._("Hand over the work of somebody who leaves first.")
            )
        if not person.active:
            raise UserError(self.env._("The account of %s is closed.", person.name))
        self._check_posts_left()
        taken = own._take_keys(person)
        person.action_archive()
        own.write(
            {
                "closed_date": fields.Datetime.now(),
                "closed_by_id": self.env.uid,
                "closed_json": taken,
            }
        )

    def _check_posts_left(self):
        """:raises UserError: when nobody would be there in the person's place"""
        for source, _count in self._remaining():
            if source.is_post:
                raise UserError(
                    self.env._(
                        "%(person)s is still there for: %(what)s. Hand that over "
                        "first.",
                        person=self.sudo().person_id.name,  # sudo: a colleague
                        what=source.label,
                    )
                )

    @api.model
    def _take_keys(self, person) -> dict[str, int]:
        """Take away what opens the account, each where there is such a thing, and
        what goes on being sent to it.

        :return: how many of each
        """
        devices = person.device_ids
        keys = person.api_key_ids
        taken = {"devices": len(devices), "api_keys": len(keys)}
        devices._revoke()
        keys._remove()
        if "totp_trusted_device_ids" in person._fields:
            trusted = person.totp_trusted_device_ids
            taken |= {"trusted": len(trusted), "totp": int(person.totp_enabled)}
            trusted._remove()
            person.totp_secret = False
        if "auth_passkey_key_ids" in person._fields:
            passkeys = person.auth_passkey_key_ids
            taken["passkeys"] = len(passkeys)
            passkeys.unlink()
        followed = self.env["mail.followers"].search(
            [("partner_id", "=", person.partner_id.id)]
        )
        taken["followed"] = len(followed)
        followed.unlink()
        return taken
