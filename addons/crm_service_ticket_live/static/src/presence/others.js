/** Milliseconds after which somebody who says nothing is gone. */
export const SILENCE = 45000;

/**
 * Those who are at a ticket, by what was heard from them. Time is an argument, so that
 * it can be tried without waiting.
 */
export class Others {
    constructor() {
        this.known = new Map();
        /** Number of the last message of before I came; unknown until the server says. */
        this.since = null;
        this.early = [];
    }

    get size() {
        return this.known.size;
    }

    /**
     * From here on messages count; those that came meanwhile do if they are newer.
     *
     * @param {number} since
     */
    begin(since) {
        this.since = since;
        this.early.splice(0).forEach((heard) => this.hear(...heard));
    }

    hear(id, user, state, now) {
        if (this.since === null) {
            this.early.push([id, user, state, now]);
        } else if (id > this.since) {
            if (state === "left") {
                this.known.delete(user);
            } else {
                const isWriting = state === "writing";
                this.known.set(user, { state: isWriting ? state : "looking", at: now });
            }
        }
    }

    forget(now) {
        for (const [user, { at }] of this.known) {
            if (now - at > SILENCE) {
                this.known.delete(user);
            }
        }
    }

    /** Who writes comes first. */
    list() {
        const list = [...this.known].map(([user, { state }]) => ({ user, state }));
        return list.sort((a, b) => (b.state === "writing") - (a.state === "writing"));
    }
}
