import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { booleanField, BooleanField } from "@web/views/fields/boolean/boolean_field";

/** A choice the browser has to be asked about as well, while the person is at it. */
export class DesktopNoticeField extends BooleanField {
    setup() {
        super.setup();
        this.permission = useService("mail.notification.permission");
    }

    onChange(newValue) {
        if (newValue) {
            this.permission.requestPermission();
        }
        return super.onChange(newValue);
    }
}

registry.category("fields").add("desktop_notice", {
    ...booleanField,
    component: DesktopNoticeField,
});
