#!/bin/bash
# Create the database with demo data the first time, then serve. The options are
# those of `make run`; everything else comes from the environment (PGHOST, ODOO_RC…).
set -euo pipefail

database="${SUITE_DATABASE:-crm_suite}"
languages="${SUITE_LANGUAGES:-en_US,zh_CN}"
modules="${SUITE_MODULES:-}"
part="${database}__part"

exists() {
    [ "$(psql -d postgres -Atc "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]
}

if [ -z "$modules" ]; then
    modules="contacts,crm"
    for manifest in /mnt/extra-addons/*/__manifest__.py; do
        [ -e "$manifest" ] && modules+=",$(basename "$(dirname "$manifest")")"
    done
fi

if ! exists "$database"; then
    # under another name until it is complete, so that an interruption leaves nothing
    psql -d postgres -qc "DROP DATABASE IF EXISTS \"$part\" WITH (FORCE)"
    odoo -d "$part" -i "$modules" --with-demo "--load-language=$languages" \
        --stop-after-init --no-http
    rm -rf "/var/lib/odoo/filestore/$database"
    mv "/var/lib/odoo/filestore/$part" "/var/lib/odoo/filestore/$database"
    psql -d postgres -qc "ALTER DATABASE \"$part\" RENAME TO \"$database\""
fi

exec odoo -d "$database" "--db-filter=^$database\$" --http-port=8069 \
    --gevent-port=8072 "$@"
