import { Component, onMounted, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardErrorDialogProps } from "@web/core/errors/error_dialogs";

/**
 * A ticket was dragged or clicked into a resolved stage and its team wants to know how
 * it was solved: instead of an error the question, and the view is read again after.
 */
export class SolutionDialog extends Component {
    static template = xml`<div/>`;
    static props = { ...standardErrorDialogProps };

    setup() {
        this.action = useService("action");
        onMounted(() => this.ask());
    }

    async ask() {
        const { ticket_ids: ids } = this.props.data.context;
        this.props.close();
        await this.action.doAction("crm_service_ticket.action_resolve_wizard", {
            additionalContext: { active_ids: ids },
            onClose: () => this.action.doAction("soft_reload"),
        });
    }
}

registry
    .category("error_dialogs")
    .add("odoo.addons.crm_service_ticket.exceptions.SolutionMissing", SolutionDialog);
