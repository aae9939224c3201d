import { registry } from "@web/core/registry";

const press = [
    { trigger: ".o_user_menu > button", run: "click" },
    {
        trigger: ".dropdown-item[data-menu=dark_mode]",
        run: "click",
        expectUnloadPage: true,
    },
];

function isSeen(scheme) {
    return {
        content: `the page is ${scheme}`,
        trigger: ".o_user_menu > button",
        run() {
            const body = getComputedStyle(document.querySelector(".o_web_client"));
            const dark = body.colorScheme === "dark";
            if (dark !== (scheme === "dark")) {
                throw new Error(`the page is not ${scheme}: ${body.colorScheme}`);
            }
        },
    };
}

registry.category("web_tour.tours").add("crm_dark_mode_off", {
    steps: () => [isSeen("light"), ...press, isSeen("dark")],
});

registry.category("web_tour.tours").add("crm_dark_mode_on", {
    steps: () => [isSeen("dark"), ...press, isSeen("light")],
});
