"""The runtime of the live sampler, from the npm package onnxruntime-web, into book/_static/live.

    python tools/live/runtime.py

The package is verified by its hash; of its files those for the processor (WebAssembly) and those for graphics cards
(WebGPU) are taken, the large ones compressed.
"""

from __future__ import annotations

import gzip
import sys
import tarfile
import tempfile
from pathlib import Path

import pooch
from export import FOLDER, RUNTIMES

from ppgn_lib.data.files import replacing

VERSION = "1.22.0"
PACKAGE = f"https://registry.npmjs.org/onnxruntime-web/-/onnxruntime-web-{VERSION}.tgz"
SHA256 = "e293551f9d36d003e293d0f2937fee7b3dfdcef76d71d1449b55e2d4157c7aea"
SMALL = ("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort.webgpu.min.mjs", "ort-wasm-simd-threaded.jsep.mjs")


def main() -> int:
    """Fetch, verify, take the files out."""
    with tempfile.TemporaryDirectory() as folder:
        package = pooch.retrieve(PACKAGE, f"sha256:{SHA256}", path=folder, progressbar=True)
        with tarfile.open(package) as archive:
            for name in (*SMALL, *RUNTIMES.values()):
                member = archive.extractfile(f"package/dist/{name.removesuffix('.gz')}")
                if member is None:
                    raise ValueError(f"onnxruntime-web {VERSION} has no file {name.removesuffix('.gz')}")
                content = member.read()
                with replacing(FOLDER / name) as path:
                    path.write_bytes(gzip.compress(content, 9, mtime=0) if name.endswith(".gz") else content)
    print(f"onnxruntime-web {VERSION} is in {FOLDER}; now: python {Path(__file__).with_name('export.py')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
