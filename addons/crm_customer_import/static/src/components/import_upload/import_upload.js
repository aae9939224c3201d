import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { useService } from "@web/core/utils/hooks";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { checkFileSize } from "@web/core/utils/files";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * The place where the list is dropped or chosen. Saves the file and shows the
 * preview at once: nothing else has to be decided before.
 */
export class ImportUpload extends Component {
    static template = "crm_customer_import.ImportUpload";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.action = useService("action");
        this.root = useRef("root");
        this.input = useRef("input");
        this.state = useState({ busy: false });
        useDropzone(this.root, (ev) => this.upload(ev.dataTransfer.files[0]), "o_crm_import_drop");
    }

    get fileName() {
        return this.props.record.data.file_name;
    }

    choose() {
        this.input.el.click();
    }

    onChosen(ev) {
        this.upload(ev.target.files[0]);
    }

    async upload(file) {
        if (!file || this.state.busy || !checkFileSize(file.size, this.notification)) {
            return;
        }
        this.state.busy = true;
        try {
            const url = await getDataURLFromFile(file);
            await this.store(file.name, url.split(",")[1] || "");
        } finally {
            this.state.busy = false;
        }
    }

    async store(name, content) {
        const { record } = this.props;
        if (!content) {
            this.notification.add(_t("This file is empty."), { type: "warning" });
            return;
        }
        await record.update({ data_file: content, file_name: name });
        if (await record.save()) {
            await this.orm.call(record.resModel, "action_preview", [record.resId]);
            await record.load();
        }
    }

    async downloadTemplate() {
        this.action.doAction(
            await this.orm.call("crm.customer.import", "action_download_template", []),
        );
    }
}

registry.category("view_widgets").add("crm_import_upload", {
    component: ImportUpload,
    fieldDependencies: [
        { name: "file_name", type: "char" },
        { name: "data_file", type: "binary" },
    ],
});
