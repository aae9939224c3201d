/**
 * The shape of an expression is that of tools/tag_expression.py; what is wrong with
 * one, what it means and what it finds is decided on the server.
 */

export function emptyRow() {
    return { match: "any", tags: [] };
}

export function emptyBlock() {
    return { match: "all", rows: [emptyRow()] };
}

/** A copy to edit: there is always a row to fill in. */
export function draftOf(value) {
    const draft = value ? JSON.parse(JSON.stringify(value)) : { match: "all", blocks: [] };
    if (!draft.blocks.length) {
        draft.blocks.push(emptyBlock());
    }
    for (const block of draft.blocks) {
        if (!block.rows.length) {
            block.rows.push(emptyRow());
        }
    }
    return draft;
}

/** The draft without rows that say nothing yet; false when nothing is said at all. */
export function valueOf(draft) {
    const blocks = draft.blocks
        .map((block) => ({ ...block, rows: block.rows.filter((row) => row.tags.length) }))
        .filter((block) => block.rows.length);
    return blocks.length ? { match: draft.match, blocks } : false;
}

export function tagIdsOf(value) {
    return value ? value.blocks.flatMap((b) => b.rows.flatMap((row) => row.tags)) : [];
}
