import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { LiveBar } from "./live_bar";
import { useLiveTickets } from "./live_tickets";

const isChosen = ({ root }) => Boolean(root.isDomainSelected || root.selection?.length);

export class LiveTicketList extends ListController {
    static template = "crm_service_ticket_live.ListView";
    static components = { ...ListController.components, LiveBar };

    setup() {
        super.setup();
        this.live = useLiveTickets(
            this.model,
            this.rootRef,
            () => isChosen(this.model) || Boolean(this.model.root.editedRecord)
        );
    }
}

export class LiveTicketKanban extends KanbanController {
    static template = "crm_service_ticket_live.KanbanView";
    static components = { ...KanbanController.components, LiveBar };

    setup() {
        super.setup();
        this.live = useLiveTickets(
            this.model,
            this.rootRef,
            () => isChosen(this.model) || Boolean(this.quickCreateState.groupId)
        );
    }
}

registry.category("views").add("live_ticket_list", { ...listView, Controller: LiveTicketList });
registry
    .category("views")
    .add("live_ticket_kanban", { ...kanbanView, Controller: LiveTicketKanban });
