import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Type into the dialog and save it. */
function writeSteps(content) {
    return [
        {
            content: "Step 2: type",
            trigger: ".o_followup_dialog .o_followup_content textarea",
            run: `edit ${content}`,
        },
        {
            content: "Step 3: save",
            trigger: ".modal button.o_followup_save",
            run: "click",
        },
        {
            content: "The dialog is closed",
            trigger: "body:not(:has(.o_followup_dialog))",
        },
    ];
}

tours.add("crm_followup_three_steps", {
    steps: () => [
        {
            content: "Step 1: tap",
            trigger: ".o_customer_action[data-action=follow_up]",
            run: "click",
        },
        ...writeSteps("Wants two more pieces"),
        {
            content: "The timeline tells it",
            trigger:
                ".o_timeline_ready .o_timeline_event[data-kind=followup]:contains(Wants two more pieces)",
        },
    ],
});

tours.add("crm_followup_my_day", {
    steps: () => [
        {
            content: "The overdue one is on top",
            trigger: "[data-section=overdue] .o_my_day_item:contains(Tour Late Company)",
        },
        {
            content: "Follow it up",
            trigger:
                ".o_my_day_item:contains(Tour Late Company) button.o_my_day_follow_up",
            run: "click",
        },
        ...writeSteps("Order is confirmed"),
        {
            content: "It is gone and counted",
            trigger: ".o_my_day:not(:contains(Tour Late Company)) .o_my_day_done:contains(1)",
        },
        {
            content: "Put the other one off",
            trigger: ".o_my_day_item:contains(Tour Due Company) button[data-choice=tomorrow]",
            run: "click",
        },
        {
            content: "Nothing is due",
            trigger: ".o_my_day_empty button",
            run: "click",
        },
        {
            content: "Customers without contact",
            trigger: ".o_searchview_facet:contains(No Contact for 30 Days), .o_kanban_view",
        },
    ],
});

tours.add("crm_followup_escalated", {
    steps: () => [
        {
            content: "The overdue one of the team",
            trigger:
                "[data-section=escalated] .o_my_day_item:contains(Acme):contains(rep user) button.o_my_day_open",
            run: "click",
        },
        {
            content: "Opens the customer",
            trigger: ".o_customer_action[data-action=follow_up]",
        },
        {
            content: "With all that is on its page",
            trigger: ".o_form_view:has(.o_customer_360_tile) .o_timeline_ready",
        },
    ],
});

/** Press a key on the focused item of My Day. */
function press(key) {
    return ({ anchor }) => {
        anchor.focus();
        anchor.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    };
}

tours.add("crm_followup_keyboard", {
    steps: () => [
        {
            content: "From the overdue item to the next one",
            trigger: "[data-section=overdue] .o_my_day_item",
            run: press("ArrowDown"),
        },
        {
            content: "It has the focus; put it off",
            trigger: "[data-section=today] .o_my_day_item:focus",
            run: press("1"),
        },
        {
            content: "It is gone",
            trigger: ".o_my_day:not(:contains(Tour Due Company))",
        },
        {
            content: "Follow the other one up",
            trigger: "[data-section=overdue] .o_my_day_item",
            run: press("Enter"),
        },
        ...writeSteps("Done without the mouse"),
        {
            content: "Nothing is due",
            trigger: ".o_my_day_empty",
        },
    ],
});
