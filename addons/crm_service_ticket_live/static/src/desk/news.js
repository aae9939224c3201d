/**
 * What was heard and not shown yet. Plain values, so that it can be tried without a
 * server.
 */
export class News {
    constructor() {
        this.created = new Set();
        this.changed = new Set();
        /** Ids that somebody else has changed: the own ones are no news to a person. */
        this.byOthers = new Set();
        this.isAnything = false;
    }

    /**
     * @param {{by: number, count: number, created: number[], changed: number[]}} signal
     * @param {number} me
     */
    add({ by, count, created, changed }, me) {
        const ids = [...created, ...changed];
        this.isAnything ||= count > ids.length;
        created.forEach((id) => this.created.add(id));
        changed.forEach((id) => this.changed.add(id));
        if (by !== me) {
            ids.forEach((id) => this.byOthers.add(id));
        }
    }

    /** Take over what others left unshown. */
    merge(other) {
        other.created.forEach((id) => this.created.add(id));
        other.changed.forEach((id) => this.changed.add(id));
        other.byOthers.forEach((id) => this.byOthers.add(id));
        this.isAnything ||= other.isAnything;
    }

    get ids() {
        return [...new Set([...this.created, ...this.changed])];
    }

    /** Leave those that do not show here. */
    keep(ids) {
        for (const known of [this.created, this.changed, this.byOthers]) {
            known.forEach((id) => ids.has(id) || known.delete(id));
        }
    }

    get isEmpty() {
        return !this.isAnything && !this.created.size && !this.changed.size;
    }

    /** How many a person is told of: each ticket once, none of his own changes. */
    get counts() {
        const created = [...this.created].filter((id) => this.byOthers.has(id));
        const changed = [...this.changed].filter(
            (id) => this.byOthers.has(id) && !this.created.has(id),
        );
        return { created: created.length, changed: changed.length, anything: this.isAnything };
    }
}
