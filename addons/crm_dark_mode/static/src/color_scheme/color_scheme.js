import { browser } from "@web/core/browser/browser";
import { cookie } from "@web/core/browser/cookie";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { session } from "@web/session";

const COOKIE = "color_scheme";

function isDark() {
    return cookie.get(COOKIE) === "dark";
}

/**
 * Tells the server what the device prefers, and reads the page anew when it came in the
 * other colours. A page that is open is left alone: somebody may be typing.
 */
export const colorSchemeService = {
    start() {
        if (session.color_scheme_choice !== "device") {
            return;
        }
        const prefersDark = browser.matchMedia("(prefers-color-scheme: dark)").matches;
        if (prefersDark !== isDark()) {
            cookie.set(COOKIE, prefersDark ? "dark" : "light");
            // where no cookie is kept, reading anew would never end
            if (prefersDark === isDark()) {
                browser.location.reload();
            }
        }
    },
};

export function darkModeItem(env) {
    let isChanging = false;
    return {
        type: "switch",
        id: "dark_mode",
        description: _t("Dark Mode"),
        isChecked: isDark(),
        // a press on the switch reaches its entry of the menu as well
        callback: async () => {
            if (!isChanging) {
                isChanging = true;
                const choice = isDark() ? "light" : "dark";
                await env.services.orm.write("res.users", [user.userId], {
                    color_scheme_choice: choice,
                });
                browser.location.reload();
            }
        },
        sequence: 45,
    };
}

registry.category("services").add("color_scheme", colorSchemeService);
registry.category("user_menuitems").add("dark_mode", darkModeItem);
