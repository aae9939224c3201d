import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { TicketViews } from "./ticket_views";

/** The desk; other lists of tickets, of a customer say, are no place of work. */
const DESK = "crm_service_ticket.action_ticket";

function withViews(env, display) {
    const isDesk = !env.inDialog && env.config.actionXmlId === DESK;
    return isDesk && display.controlPanel ? { ...display, searchPanel: true } : display;
}

export class TicketList extends ListController {
    get display() {
        return withViews(this.env, super.display);
    }
}

export class TicketKanban extends KanbanController {
    get display() {
        return withViews(this.env, super.display);
    }
}

export const ticketListView = {
    ...listView,
    Controller: TicketList,
    SearchPanel: TicketViews,
};
export const ticketKanbanView = {
    ...kanbanView,
    Controller: TicketKanban,
    SearchPanel: TicketViews,
};

registry.category("views").add("service_ticket_list", ticketListView);
registry.category("views").add("service_ticket_kanban", ticketKanbanView);
