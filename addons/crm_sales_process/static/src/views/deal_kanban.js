import { crmKanbanView } from "@crm/views/crm_kanban/crm_kanban_view";
import { registry } from "@web/core/registry";
import { ShortAnimatedNumber } from "../components/short_amount/short_amount";

const Header = crmKanbanView.Renderer.components.KanbanHeader;
const Progress = Header.components.ColumnProgress;

class DealColumnProgress extends Progress {
    static components = { ...Progress.components, AnimatedNumber: ShortAnimatedNumber };
}

class DealKanbanHeader extends Header {
    static components = { ...Header.components, ColumnProgress: DealColumnProgress };
}

class DealKanbanRenderer extends crmKanbanView.Renderer {
    static components = {
        ...crmKanbanView.Renderer.components,
        KanbanHeader: DealKanbanHeader,
    };
}

/** The board of deals: sums of columns as one says them. */
registry.category("views").add("sales_process_deal_kanban", {
    ...crmKanbanView,
    Renderer: DealKanbanRenderer,
});
