# The portal's own commands; each does the set-up it needs.
.PHONY: setup run reload backup restore test check drill bench bench-nation bench-load lock licences sbom audit
PY := .venv/bin/python
# uv trusts the certificates of this machine, as pip does.
export UV_NATIVE_TLS := 1
# Every process of a run would compile all modules again, the rewritten ones of the tests too.
unexport PYTHONDONTWRITEBYTECODE

setup: ## make .venv and gather static files
	@deploy/setup

run: ## start web, worker and scheduler on 127.0.0.1:8000 (PORT=…)
	@deploy/setup
	@exec $(PY) manage.py run_portal

backup: ## database and files into a dated folder of BACKUP_DIR, or of TO=…
	@deploy/setup
	@exec $(PY) manage.py backup $(if $(TO),--to "$(TO)")

restore: ## FROM=folder of one backup into an empty portal; OVERWRITE=1 empties it first
	@deploy/setup
	@exec $(PY) manage.py restore "$(FROM)" $(if $(filter 1,$(OVERWRITE)),--overwrite)

reload: ## let the portal that `make run` started take up new code, refusing nobody
	@$(PY) manage.py reload_portal

test: ## the suite on SQLite and PostgreSQL, real Redis and Celery, journeys in Chromium
	@deploy/setup requirements-dev.txt
	@exec $(PY) -m tests.lanes

check: ## what a change must pass before its tests are looked at
	@deploy/setup requirements-dev.txt
	@exec deploy/check

drill: ## servers killed, away, full or wrong: what was expected and seen, in 25 minutes (DRILL="redis-killed …")
	@deploy/setup requirements-dev.txt
	@exec $(PY) -m tests.drills

bench: ## speed, in yardsticks
	@deploy/setup requirements-dev.txt
	@exec $(PY) -m tests.bench

bench-nation: ## 34 provinces closed by one worker and by two; tells the disk it needs first (PROVINCES=n)
	@deploy/setup requirements-dev.txt
	@exec $(PY) -m tests.bench.nation

bench-load: ## 200 people on the last morning of a quarter, and where it bends (MINUTES=5)
	@deploy/setup requirements-dev.txt
	@exec $(PY) -m tests.bench.load

lock: ## compile the locks from pyproject.toml
	@deploy/setup requirements-dev.txt
	$(PY) -m uv pip compile -q --generate-hashes --python-version 3.11 --no-header -o requirements.txt pyproject.toml
	$(PY) -m uv pip compile -q --generate-hashes --python-version 3.11 --no-header --group dev -c requirements.txt \
		-o requirements-dev.txt pyproject.toml

licences: ## write docs/licences.md from what is locked
	@deploy/setup requirements-dev.txt
	@$(PY) deploy/supply.py licences

sbom: ## write the bill of materials (CycloneDX) to var/sbom.cdx.json
	@deploy/setup requirements-dev.txt
	@$(PY) deploy/supply.py sbom $${VAR_DIR:-var}/sbom.cdx.json

# Where no service can be reached it says so loudly and does not fail; deploy/supply.py audit itself ends with 3 then.
audit: ## ask what is known against the locked versions
	@deploy/setup requirements-dev.txt
	@$(PY) deploy/supply.py audit || [ $$? -eq 3 ]
