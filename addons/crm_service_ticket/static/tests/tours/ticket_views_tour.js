import { registry } from "@web/core/registry";

const row = (name) => `.o_data_row:contains(Views tour ${name})`;
const view = (name) => `.o_ticket_views .o_ticket_view:contains(${name})`;
const none = (name) => `.o_list_view:not(:has(${row(name)}))`;

/** Views by click and by key, with their numbers; saved ones; folded and back. */
registry.category("web_tour.tours").add("crm_service_ticket_views", {
    steps: () => [
        {
            content: "What is mine and nobody's",
            trigger: `.o_list_view:has(${row("mine")}) ${row("nobody")}`,
        },
        {
            content: "Its number stands beside the view",
            trigger: `${view("Waiting for Customer")} .o_ticket_view_count:contains(/^1$/)`,
        },
        {
            content: "Show who is waited for",
            trigger: view("Waiting for Customer"),
            run: "click",
        },
        {
            content: "Only that, and the search box says so",
            trigger: `${none("mine")} ${row("waiting")}`,
        },
        {
            content: "One filter",
            trigger:
                ".o_searchview:not(:has(.o_searchview_facet:nth-of-type(2))) .o_searchview_facet:contains(Waiting for Customer)",
        },
        {
            content: "It is marked",
            trigger: `.o_ticket_view_open[aria-current=true]:contains(Waiting for Customer)`,
        },
        {
            content: "By the keyboard: it is a button",
            trigger: `button.o_ticket_view[data-view=queue_unassigned]`,
            run: ({ anchor }) => {
                anchor.focus();
                if (document.activeElement !== anchor) {
                    throw new Error("The view cannot be reached by the keyboard");
                }
                anchor.click(); // what a browser does on Enter
            },
        },
        {
            content: "What nobody has",
            trigger: `${none("waiting")} ${row("nobody")}`,
        },
        {
            content: "A search a colleague has shared",
            trigger: `${view("Tour shared")}:has(.fa-users):has(.o_ticket_view_count)`,
            run: "click",
        },
        {
            content: "It is open",
            trigger: `.o_ticket_view_open:contains(Tour shared)`,
        },
        {
            content: "The own one is not marked as shared, another's is not there",
            trigger: `.o_ticket_views:not(:contains(Tour hidden)) .o_ticket_view:contains(Tour own):not(:has(.fa-users))`,
        },
        {
            content: "Fold them away",
            trigger: ".o_ticket_views button[aria-expanded=true]",
            run: "click",
        },
        {
            content: "They are away, and come back",
            trigger: ".o_content:not(:has(.o_ticket_views)) .o_ticket_views_folded button",
            run: "click",
        },
        {
            content: "With their numbers",
            trigger: `${view("All Open")} .o_ticket_view_count`,
        },
    ],
});
