import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { SelectMenu } from "@web/core/select_menu/select_menu";
import { RadioField, radioField } from "@web/views/fields/radio/radio_field";
import { SelectionField, selectionField } from "@web/views/fields/selection/selection_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

async function saveRoot(record) {
    const { root } = record.model;
    if (root.resId) {
        await root.save();
    }
}

/** A selection that is saved when chosen, so that the preview follows at once. */
export class ImportChoiceField extends SelectionField {
    async onChange(value) {
        await this.props.record.update({ [this.props.name]: value ?? false });
        await saveRoot(this.props.record);
    }
}

registry.category("fields").add("crm_import_choice", {
    ...selectionField,
    component: ImportChoiceField,
    displayName: _t("Choice of an import"),
    supportedTypes: ["selection"],
});

/** The same as radio buttons. */
export class ImportRadioField extends RadioField {
    async onChange(value) {
        await this.props.record.update({ [this.props.name]: value[0] });
        await saveRoot(this.props.record);
    }
}

registry.category("fields").add("crm_import_radio", {
    ...radioField,
    component: ImportRadioField,
    displayName: _t("Choice of an import, all options shown"),
    supportedTypes: ["selection"],
});

/** The sheet of the workbook, chosen among those the file has. */
export class ImportSheetField extends Component {
    static template = "crm_customer_import.ImportSheetField";
    static components = { SelectMenu };
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get choices() {
        const names = this.props.record.data.sheet_names || [];
        return names.map((name) => ({ value: name, label: name }));
    }

    async onSelect(value) {
        const { record, name } = this.props;
        await record.update({ [name]: value });
        await record.save();
    }
}

registry.category("fields").add("crm_import_sheet", {
    component: ImportSheetField,
    displayName: _t("Sheet of a workbook"),
    supportedTypes: ["char"],
    fieldDependencies: [{ name: "sheet_names", type: "json" }],
});
