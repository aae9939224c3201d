import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

// who leaves sooner has not read it
const READ_AFTER = 4000;

/** A page that was looked at for some seconds counts as read; programs that only fetch it
 * do not. */
export class ArticleRead extends Interaction {
    static selector = ".o_help_article[data-read]";

    start() {
        this.waitForTimeout(this.count, READ_AFTER);
    }

    count() {
        const token = this.el.querySelector("input[name='csrf_token']");
        if (!token || document.visibilityState !== "visible") {
            return;
        }
        const body = new FormData();
        body.append("csrf_token", token.value);
        // nobody waits for it, and nobody misses it
        fetch(this.el.dataset.read, { method: "POST", body }).catch(() => {});
    }
}

registry.category("public.interactions").add("crm_service_knowledge.article_read", ArticleRead);
