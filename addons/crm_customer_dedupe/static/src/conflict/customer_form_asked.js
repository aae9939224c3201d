import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { CustomerFormController } from "@crm_customer_center/views/customer_form";
import { ConflictAnswers } from "./conflict_answers";

const ASKERS = "crm_customer_center.group_sales_rep";

export class ConflictDialog extends Component {
    static template = "crm_customer_dedupe.ConflictDialog";
    static components = { Dialog, ConflictAnswers };
    static props = { answers: Array, left: Number, decide: Function, close: Function };

    get left() {
        return _t("Questions left today: %s", this.props.left);
    }

    back() {
        this.props.decide(false);
        this.props.close();
    }

    save() {
        this.props.decide(true);
        this.props.close();
    }
}

/** Text of a field as the person typed it, "" for nothing. */
function typed(record, name) {
    return record.data[name] || "";
}

/**
 * A new customer is asked for once, when it is saved, among those that the person does
 * not see: what a form says while one types would answer for nothing.
 */
export class AskedCustomerFormController extends CustomerFormController {
    setup() {
        super.setup();
        this.dialogs = useService("dialog");
        // what was asked for is not paid for twice
        this.askedFor = "";
        this.told = null;
    }

    async onWillSaveRecord(record, changes) {
        if ((await super.onWillSaveRecord(record, changes)) === false) {
            return false;
        }
        if (!record.isNew || !record.data.lifecycle_state || !(await user.hasGroup(ASKERS))) {
            return true;
        }
        const values = {
            name: record.data.is_company ? typed(record, "name") : "",
            phone: typed(record, "phone"),
            email: typed(record, "email"),
            vat: typed(record, "vat"),
        };
        const asked = JSON.stringify(values);
        if (asked !== this.askedFor) {
            this.told = await this.orm.call("crm.conflict.query", "ask_at_entry", [values]);
            this.askedFor = asked;
        }
        return this.told.answers.length ? this.decide() : true;
    }

    decide() {
        return new Promise((resolve) => {
            this.dialogs.add(
                ConflictDialog,
                { answers: this.told.answers, left: this.told.left, decide: resolve },
                { onClose: () => resolve(false) },
            );
        });
    }
}

registry.category("views").add("customer_form_asked", {
    ...registry.category("views").get("customer_form"),
    Controller: AskedCustomerFormController,
});
