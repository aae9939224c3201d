import { registry } from "@web/core/registry";
import {
    ticketKanbanView,
    ticketListView,
    TicketKanban,
    TicketList,
} from "@crm_service_ticket/views/desk_views";
import { LiveBar } from "./live_bar";
import { useLiveTickets } from "./live_tickets";

const isChosen = ({ root }) => Boolean(root.isDomainSelected || root.selection?.length);

export class LiveTicketList extends TicketList {
    static template = "crm_service_ticket_live.ListView";
    static components = { ...TicketList.components, LiveBar };

    setup() {
        super.setup();
        this.live = useLiveTickets(
            this.model,
            this.rootRef,
            () => isChosen(this.model) || Boolean(this.model.root.editedRecord),
        );
    }
}

export class LiveTicketKanban extends TicketKanban {
    static template = "crm_service_ticket_live.KanbanView";
    static components = { ...TicketKanban.components, LiveBar };

    setup() {
        super.setup();
        this.live = useLiveTickets(
            this.model,
            this.rootRef,
            () => isChosen(this.model) || Boolean(this.quickCreateState.groupId),
        );
    }
}

registry
    .category("views")
    .add("live_ticket_list", { ...ticketListView, Controller: LiveTicketList });
registry
    .category("views")
    .add("live_ticket_kanban", { ...ticketKanbanView, Controller: LiveTicketKanban });
