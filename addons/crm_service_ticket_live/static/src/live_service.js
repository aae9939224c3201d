import { EventBus } from "@odoo/owl";
import { registry } from "@web/core/registry";

export const DESK = "crm.service.live/desk";
export const MINE = "crm.service.live/mine";
export const REJOIN = "crm.service.live/rejoin";
/** Told when the line to the server was broken: which tickets changed, nobody knows. */
export const ANYTHING = { by: false, count: 1, created: [], changed: [] };

/**
 * What the server tells about tickets, for whoever shows some.
 *
 * `bus` has two events: "changed" when tickets of a desk of mine changed, "mine" when
 * tickets I have, or had, did. Both say ids only; what they are called and whether I may
 * see them is the server's answer to a search.
 */
export const ticketLiveService = {
    dependencies: ["bus_service"],

    start(env, { bus_service: busService }) {
        const bus = new EventBus();
        busService.subscribe(DESK, (news) => bus.trigger("changed", news));
        busService.subscribe(MINE, (news) => {
            bus.trigger("changed", news);
            bus.trigger("mine", news);
        });
        busService.subscribe(REJOIN, () => busService.forceUpdateChannels());
        busService.addEventListener("BUS:RECONNECT", () => {
            bus.trigger("changed", ANYTHING);
            bus.trigger("mine", ANYTHING);
        });
        return { bus };
    },
};

registry.category("services").add("crm_service_live", ticketLiveService);
