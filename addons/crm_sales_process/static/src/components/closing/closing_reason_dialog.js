import { Component, onMounted, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardErrorDialogProps } from "@web/core/errors/error_dialogs";

/**
 * A deal was dragged, clicked or edited into a closed state and the server asks for
 * the reason: instead of an error the wizard opens, and the view is read again after.
 */
export class ClosingReasonDialog extends Component {
    static template = xml`<div/>`;
    static props = { ...standardErrorDialogProps };

    setup() {
        this.action = useService("action");
        onMounted(() => this.openWizard());
    }

    async openWizard() {
        const { wizard, lead_ids, stage_id } = this.props.data.context;
        this.props.close();
        await this.action.doAction(wizard, {
            additionalContext: {
                active_ids: lead_ids,
                active_id: lead_ids[0],
                active_model: "crm.lead",
                default_lead_ids: lead_ids,
                default_stage_id: stage_id,
            },
            onClose: () => this.action.doAction("soft_reload"),
        });
    }
}

registry
    .category("error_dialogs")
    .add(
        "odoo.addons.crm_sales_process.exceptions.ClosingReasonMissing",
        ClosingReasonDialog
    );
