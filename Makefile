# Thin on purpose: the commands live in scripts/dev.py.
PYTHON ?= python3
export PORT DB INTERFACE N SCENARIO ROUNDS WRITE JOBS SEED m k

COMMANDS := run start stop check test coverage upgrade test-core mutants bench load lint format i18n screenshots shell clean help

.DEFAULT_GOAL := help
.PHONY: $(COMMANDS)

$(COMMANDS):
	@exec $(PYTHON) scripts/dev.py $@
