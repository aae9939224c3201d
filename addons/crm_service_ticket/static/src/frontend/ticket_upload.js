import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

// of the longer side; of larger pictures Odoo keeps no more either
const LONGEST = 1920;
const QUALITY = 0.85;
// smaller ones are sent as they are
const SMALL = 600_000;
// from so many bytes on it is worth seeing how far the upload is
const LONG_UPLOAD = 300_000;
// send the form by themselves once they have asked
const CAPTCHAS = ["google_recaptcha.recaptcha_form"];
const PHOTOS = ["image/jpeg", "image/png", "image/webp"];

/**
 * A photo as small as it has to be, as a new file; the same file where it is none, cannot
 * be read, or would not become smaller.
 */
export async function shrunk(file) {
    if (!PHOTOS.includes(file.type) || file.size < SMALL) {
        return file;
    }
    let picture;
    try {
        picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
        return file;
    }
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const context = canvas.getContext("2d");
    // what is see-through would become black
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob || blob.size >= file.size) {
        return file;
    }
    const name = `${file.name.replace(/\.[^.]+$/, "")}.jpg`;
    return new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified });
}

/** The form for a ticket: photos are shrunk before they are sent, and one sees how far
 * the sending is. Without this script the form works as forms do. */
export class TicketUpload extends Interaction {
    static selector = ".o_ticket_form form";
    dynamicContent = {
        "input[type=file]": { "t-on-change": this.shrinkPhotos },
        _root: { "t-on-submit": this.send },
    };

    get files() {
        return this.el.querySelector("input[type=file]");
    }

    async shrinkPhotos() {
        const chosen = [...this.files.files];
        const button = this.el.querySelector("button[type=submit]");
        button.disabled = true;
        try {
            const smaller = await this.waitFor(Promise.all(chosen.map(shrunk)));
            // somebody may have chosen others meanwhile
            const isSame = chosen.every((file, place) => this.files.files[place] === file);
            if (isSame && smaller.some((file, place) => file !== chosen[place])) {
                const list = new DataTransfer();
                smaller.forEach((file) => list.items.add(file));
                this.files.files = list.files;
            }
        } finally {
            button.disabled = false;
        }
        this.el.dataset.photos = "ready";
    }

    /** Whether what is sent takes long, and nobody else sends it. */
    get isOurs() {
        const interactions = registry.category("public.interactions");
        const bytes = [...this.files.files].reduce((sum, file) => sum + file.size, 0);
        return bytes >= LONG_UPLOAD && !CAPTCHAS.some((key) => interactions.contains(key));
    }

    /** Large files are sent by ourselves: a browser does not say how far it is. */
    send(ev) {
        if (ev.defaultPrevented || this.isSending || !this.isOurs) {
            return;
        }
        ev.preventDefault();
        this.isSending = true;
        this.el.querySelector("button[type=submit]").disabled = true;
        const { bar, words } = this.showProgress();
        const request = new XMLHttpRequest();
        request.open("POST", this.el.action);
        request.upload.addEventListener("progress", ({ loaded, total }) => {
            const percent = total ? Math.round((100 * loaded) / total) : 0;
            bar.style.width = `${percent}%`;
            words.textContent = percent < 100 ? `${percent}%` : _t("Sent, one moment…");
        });
        request.addEventListener("load", () => this.arrived(request));
        request.addEventListener("error", () => this.failed(words));
        request.send(new FormData(this.el));
    }

    showProgress() {
        this.el.querySelector(".o_ticket_progress")?.remove();
        const box = document.createElement("div");
        box.className = "o_ticket_progress mt-3";
        box.setAttribute("role", "status");
        box.innerHTML =
            '<div class="progress"><div class="progress-bar" style="width: 0"></div></div>' +
            '<div class="small text-muted mt-1"></div>';
        this.el.append(box);
        return {
            bar: box.querySelector(".progress-bar"),
            words: box.querySelector(".small"),
        };
    }

    /** The page that came back: the thanks, or the form with what is to be mended. */
    arrived(request) {
        if (request.responseURL && request.responseURL !== this.el.action) {
            window.location.assign(request.responseURL);
            return;
        }
        document.open();
        document.write(request.responseText);
        document.close();
    }

    failed(words) {
        this.isSending = false;
        this.el.querySelector("button[type=submit]").disabled = false;
        words.className = "small text-danger mt-1";
        words.textContent = _t("The connection broke off. Nothing is lost: please send it again.");
    }
}

registry.category("public.interactions").add("crm_service_ticket.upload", TicketUpload);
