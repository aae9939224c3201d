import { registry } from "@web/core/registry";

const cell = (line, column) => `tr[data-line="${line}"] input[data-column="${column}"]`;

registry.category("web_tour.tours").add("crm_reports_target_grid", {
    steps: () => [
        {
            content: "January of a person",
            trigger: cell("rep user", 1),
            run: "edit 3万",
        },
        {
            content: "Enter saves and goes down",
            trigger: cell("rep user", 1),
            run: "press Enter",
        },
        {
            content: "It is read as people say it, and added up",
            trigger: ".o_target_grid[data-saving='0'] tfoot .o_target_total:first:contains(30,000)",
        },
        {
            content: "The year of another, spread",
            trigger: cell("colleague user", 13),
            run: "edit 120000 && press Tab",
        },
        {
            content: "Each month has its part",
            trigger: ".o_target_grid[data-saving='0'] tfoot .o_target_total:first:contains(40,000)",
        },
        {
            content: "What is no number is told",
            trigger: cell("rep user", 2),
            run: "edit much && press Enter",
        },
        {
            content: "And not kept",
            trigger: ".o_notification:contains(much)",
        },
    ],
});
