import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** “3 new tickets. Show”, above a list or board that cannot move by itself now. */
export class LiveBar extends Component {
    static template = "crm_service_ticket_live.LiveBar";
    static props = {
        created: Number,
        changed: Number,
        anything: Boolean,
        show: Function,
    };

    get text() {
        const { created, changed, anything } = this.props;
        if (created && changed) {
            return _t("%(created)s new tickets, %(changed)s have changed", { created, changed });
        }
        if (created) {
            return _t("%s new tickets", created);
        }
        if (changed) {
            return _t("%s tickets have changed", changed);
        }
        return anything ? _t("Tickets have changed") : "";
    }
}
