/**
 * The events of a timeline as it is read: by day, what the system wrote of a day folded
 * into one line at its end.
 *
 * @param {{id: string, day: string, noise: boolean}[]} events newest first
 * @param {boolean} [folded] whether to fold
 * @returns {{day: string, events: object[], noise: object[]}[]}
 */
export function timelineDays(events, folded = true) {
    const days = [];
    for (const event of events) {
        if (days.at(-1)?.day !== event.day) {
            days.push({ day: event.day, events: [], noise: [] });
        }
        days.at(-1)[folded && event.noise ? "noise" : "events"].push(event);
    }
    return days;
}
