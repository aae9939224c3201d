import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useOwnedDialogs } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { ConditionEditor } from "./condition_editor";

/** The condition of a row of a list, which has no room for the editor. */
export class ConditionDialog extends Component {
    static template = "crm_suite_base.ConditionDialog";
    static components = { ConditionEditor, Dialog };
    static props = {
        resModel: String,
        domain: String,
        rule: String,
        confirm: Function,
        close: Function,
    };

    setup() {
        this.state = useState({ domain: this.props.domain, isFinished: true });
    }

    update(domain, isFinished) {
        Object.assign(this.state, { domain, isFinished });
    }

    confirm() {
        this.props.confirm(this.state.domain);
        this.props.close();
    }
}

/** A condition of people's words; what is stored is a domain, as before. */
export class ConditionField extends Component {
    static template = "crm_suite_base.ConditionField";
    static components = { ConditionEditor };
    static props = {
        ...standardFieldProps,
        resModel: { type: String, optional: true },
        editInDialog: { type: Boolean, optional: true },
    };

    setup() {
        this.addDialog = useOwnedDialogs();
        this.isFinished = true;
        this.round = 0;
        // a row without a value would find everybody: it is not saved
        useBus(this.props.record.model.bus, "NEED_LOCAL_CHANGES", () => {
            if (!this.isFinished) {
                this.props.record.setInvalidField(this.props.name);
            }
        });
    }

    /** Another editor, when what was begun is discarded: the condition is as it was. */
    editorKey() {
        if (!this.isFinished && !this.props.record.dirty) {
            this.isFinished = true;
            this.round += 1;
        }
        return this.round;
    }

    get domain() {
        return this.props.record.data[this.props.name] || "[]";
    }

    get resModel() {
        const { record, resModel } = this.props;
        return record.fieldNames.includes(resModel) ? record.data[resModel] : resModel;
    }

    async update(domain, isFinished = true) {
        const { record, name } = this.props;
        if (domain !== this.domain) {
            await record.update({ [name]: domain });
        }
        this.isFinished = isFinished;
        record.resetFieldValidity(name);
        record.model.bus.trigger("FIELD_IS_DIRTY", !isFinished);
    }

    openDialog() {
        this.addDialog(ConditionDialog, {
            resModel: this.resModel,
            domain: this.domain,
            rule: this.props.record.resModel,
            confirm: (domain) => this.update(domain),
        });
    }
}

export const conditionField = {
    component: ConditionField,
    displayName: _t("Condition"),
    supportedTypes: ["char", "text"],
    supportedOptions: [
        { label: _t("Model"), name: "model", type: "string" },
        { label: _t("Edit in dialog"), name: "in_dialog", type: "boolean" },
    ],
    isEmpty: () => false,
    extractProps: ({ options }) => ({
        resModel: options.model,
        editInDialog: options.in_dialog,
    }),
};

registry.category("fields").add("crm_condition", conditionField);
