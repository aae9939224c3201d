import { browser } from "@web/core/browser/browser";
import { user } from "@web/core/user";
import { session } from "@web/session";

const PREFIX = "crm_followup.draft";
// what nobody went on with for so long is old news, and no text to leave on a device
const KEPT_DAYS = 14;

/** Each person's texts apart, also of two that use one browser. */
function ownPrefix() {
    return `${PREFIX}/${session.db}/${user.userId}/`;
}

/** Run on the storage of the device, which may be full, or forbidden. */
function withStorage(run) {
    try {
        return run(browser.localStorage);
    } catch (error) {
        console.warn("A follow-up that is being written is not kept on this device", error);
        return null;
    }
}

function dropOld(storage) {
    const limit = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
    for (const key of Object.keys(storage).filter((key) => key.startsWith(PREFIX))) {
        const draft = JSON.parse(storage.getItem(key));
        if (!draft || !(draft.at > limit)) {
            storage.removeItem(key);
        }
    }
}

/** @returns {{texts: object, at: number} | null} what the user began about a record */
export function readDraft(name) {
    return withStorage((storage) => {
        dropOld(storage);
        return JSON.parse(storage.getItem(ownPrefix() + name));
    });
}

/** Keep the texts, by name of their field; without any there is nothing to keep. */
export function keepDraft(name, texts) {
    const said = Object.values(texts).some((text) => text.trim());
    if (said) {
        const draft = JSON.stringify({ texts, at: Date.now() });
        withStorage((storage) => storage.setItem(ownPrefix() + name, draft));
    } else {
        dropDraft(name);
    }
}

export function dropDraft(name) {
    withStorage((storage) => storage.removeItem(ownPrefix() + name));
}
