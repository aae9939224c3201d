from odoo import api, models
from odoo.exceptions import UserError

from .several import Close, Spam, Wait


class CrmServiceSeveral(models.AbstractModel):
    """Several tickets at once, from the list and the board: those for which it makes
    sense are done, the others are named with the reason."""

    _name = "crm.service.several"
    _description = "Several Tickets at Once"

    @api.model
    def _acts(self) -> dict:
        """The acts that ask nothing, by the name of their server action."""
        return {"wait": Wait, "close": Close, "spam": Spam}

    @api.model
    def _act(self, name, tickets):
        """Do what a server action is for.

        :return: an action that says what was done
        """
        return self._tell(self._acts()[name](self.env), tickets)

    @api.model
    def _tell(self, act, tickets):
        """Do it, and say how many were done, and which were not.

        :raises UserError: where none was: what was typed is not lost then
        """
        outcome = act.run(tickets)
        left_out = act.told_left_out(outcome.left_out)
        if not outcome.done:
            if len(tickets) == 1 and outcome.errors:
                # it may ask for something, as a missing solution does
                raise outcome.errors[0]
            nothing = self.env._("Nothing was done.")
            raise UserError("\n".join([nothing, *left_out]))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left_out else "success",
                "sticky": bool(left_out),
                "className": "text-prewrap",
                "message": "\n".join([act.said(len(outcome.done)), *left_out]),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
