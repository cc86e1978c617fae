# make run   sets everything up and serves the dashboard (PORT=8501)
# make test  sets everything up and runs every test and check
PORT ?= 8501
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check bench fuzz clean

.venv/run.done: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/test.done: requirements-dev.txt .venv/run.done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

run: .venv/run.done
	$(BIN)/python -m streamlit run app.py --server.port $(PORT)

check: .venv/test.done
	$(BIN)/python -m checks

test: .venv/test.done
	$(BIN)/python -m tests

bench: .venv/test.done
	$(BIN)/python -m benchmarks

fuzz: .venv/test.done
	for kind in archives links messages polls scripts uploads; do $(BIN)/python -m benchmarks.fuzz $$kind --minutes 10 || exit 1; done

clean:
	rm -rf .venv
