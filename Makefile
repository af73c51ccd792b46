# What people type. Each target installs what it needs first (scripts/setup.sh); the presets say how it is built.

.DEFAULT_GOAL := help
.PHONY: help setup configure build gpu test core check format sanitize threads demo bench test-gpu clean

help:
	@echo 'make build      build/release/bin/pipedit, and everything else'
	@echo 'make gpu        build/gpu/bin/pipedit, which runs plans on NVIDIA GPUs'
	@echo 'make test       the release build and all its tests'
	@echo 'make check      formatting, clang-tidy, and the tests under ASan, UBSan and TSan'
	@echo 'make core       build and test what needs no LibTorch'
	@echo 'make demo       plan, run and compare a small example on this CPU'
	@echo 'make bench      benchmarks of the simulator and the planner'
	@echo 'make test-gpu   the tests that need an NVIDIA GPU and a CUDA toolkit'
	@echo 'make clean      remove the build folder'

setup:
	@scripts/setup.sh

configure: setup
	cmake --preset release

build: configure
	cmake --build --preset release

gpu:
	@scripts/setup.sh --gpu
	cmake --preset gpu
	cmake --build build/gpu --target pipedit

test: build
	ctest --preset release

core:
	@scripts/setup.sh --core
	cmake --workflow --preset core

check: format sanitize threads

format:
	@scripts/setup.sh --check
	scripts/format.sh --check

# clang-tidy runs beside the compiler here, so that it too sees only what changed.
sanitize:
	@scripts/setup.sh --check
	cmake --preset dev -D PIPEDIT_CLANG_TIDY=ON
	cmake --build --preset dev
	ctest --preset dev

# g++ 12's TSan cannot start where the kernel spreads addresses widely; not every container lets one turn that off.
fixed_addresses := $(shell setarch -R true 2>/dev/null && echo setarch -R)
threads: setup
	$(fixed_addresses) cmake --workflow --preset tsan

demo: configure
	cmake --build --preset release --target pipedit
	scripts/demo.sh

bench: configure
	cmake --build --preset release --target pipedit_bench
	build/release/bin/pipedit_bench

test-gpu:
	@scripts/gpu.sh

clean:
	rm -rf build
