import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_service_ticket_portal_acme", {
    steps: () => [
        {
            trigger: "a[href='/my/tickets']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "a colleague's ticket shows, another company's does not",
            trigger: ".o_ticket_list:contains('Valve of Acme'):not(:contains('Globex'))",
        },
        {
            trigger: ".o_ticket_new",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#ticket_ticket_type", run: "select fault" },
        { trigger: "#ticket_name", run: "edit Pump is loud" },
        { trigger: "#ticket_description", run: "edit Since this morning" },
        { trigger: ".o_ticket_send", run: "click", expectUnloadPage: true },
        {
            trigger: ".o_ticket_thanks a[href='/my/tickets']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_ticket_list a:contains('Pump is loud')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger:
                "#chatterRoot:shadow .o-mail-Composer-input, #discussion:shadow .o-mail-Composer-input",
            run: "edit It stopped by itself",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Message:contains('It stopped by itself')",
        },
        { trigger: ".o_ticket_close", run: "click", expectUnloadPage: true },
        { trigger: ".alert-info" },
    ],
});

registry.category("web_tour.tours").add("crm_service_ticket_portal_globex", {
    steps: () => [
        {
            trigger: "a[href='/my/tickets']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger:
                ".o_ticket_list:contains('Valve of Globex'):not(:contains('Acme')):not(:contains('Pump'))",
        },
    ],
});

/** A photo as a phone takes it: large, and of many colours. */
async function choosePhoto() {
    const canvas = document.createElement("canvas");
    canvas.width = 2400;
    canvas.height = 1200;
    const context = canvas.getContext("2d");
    const pixels = context.createImageData(canvas.width, canvas.height);
    for (let place = 0; place < pixels.data.length; place++) {
        pixels.data[place] = place % 4 === 3 ? 255 : Math.random() * 256;
    }
    context.putImageData(pixels, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    const list = new DataTransfer();
    list.items.add(new File([blob], "nameplate.png", { type: "image/png" }));
    list.items.add(new File(["x".repeat(400_000)], "log.txt", { type: "text/plain" }));
    const input = document.querySelector("#ticket_files");
    input.files = list.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

const sendWithPhoto = (subject) => [
    { trigger: "#ticket_name", run: `edit ${subject}` },
    { trigger: "#ticket_files", run: choosePhoto },
    { trigger: ".o_ticket_form form[data-photos=ready]" },
    { trigger: ".o_ticket_send:enabled", run: "click", expectUnloadPage: true },
];

registry.category("web_tour.tours").add("crm_service_ticket_photo", {
    steps: () => [
        // what is missing comes back with the page, and the files are kept
        ...sendWithPhoto("Pump with a photo"),
        { trigger: ".o_ticket_form_kept li:contains('nameplate.jpg')" },
        { trigger: "#problem_description" },
        { trigger: "#ticket_description", run: "edit See the nameplate" },
        { trigger: ".o_ticket_send:enabled", run: "click", expectUnloadPage: true },
        { trigger: ".o_ticket_thanks a[href='/my/tickets']", run: "click", expectUnloadPage: true },
        { trigger: ".o_ticket_new", run: "click", expectUnloadPage: true },
        { trigger: "#ticket_description", run: "edit As before" },
        ...sendWithPhoto("Another photo"),
        { trigger: ".o_ticket_thanks" },
    ],
});
