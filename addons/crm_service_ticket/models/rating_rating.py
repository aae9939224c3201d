from odoo import api, models
from odoo.exceptions import AccessError

from .crm_service_ticket_secret import SCORED

TICKET = "crm.service.ticket"
# what makes a row a score: of whom, by whom, about what, and who reads it
SCORE = {
    "consumed",
    "feedback",
    "is_internal",
    "message_id",
    "parent_res_id",
    "parent_res_model_id",
    "partner_id",
    "rated_on",
    "rated_partner_id",
    "rating",
    "res_id",
    "res_model",
    "res_model_id",
}


class RatingRating(models.Model):
    """Odoo lets every employee write ratings and read their tokens. Those of tickets
    come from the customer's answer to our question alone, whoever writes by whatever
    way, and have no token; those of other records are as Odoo means them."""

    _inherit = "rating.rating"

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ratings._check_score_of_ticket()
        return ratings

    def write(self, vals):
        if SCORE.isdisjoint(vals):
            return super().write(vals)
        self._check_score_of_ticket()
        result = super().write(vals)
        # it may have been another record's until now
        self._check_score_of_ticket()
        return result

    def unlink(self):
        if not self.env.su:
            self._check_score_of_ticket()
        return super().unlink()

    def _check_score_of_ticket(self):
        """:raises AccessError: for a rating of a ticket that is no customer's answer"""
        if SCORED.is_on(self.env):
            return
        # sudo: only of which record it is
        if any(
            TICKET in (rating.res_model, rating.message_id.model)
            for rating in self.sudo()
        ):
            raise AccessError(
                self.env._("Only the customer's answer to our question is a score.")
            )
