"""Do the tests of samplers, priors and denoisers notice a wrong one? Each mutant is one change of its text; some test must fail.

python tools/checks/mutants.py          all of them, in a copy of the library (minutes)
python tools/checks/mutants.py 3 7      some
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SAMPLER = ("tests/test_sampling.py", "tests/test_conditions.py")
TESTS = {  # of the other files: SAMPLER
    "sampling/mcmc.py": ("tests/test_mcmc.py",),
    "sampling/sgld.py": ("tests/test_mcmc.py",),
    "experts/fields.py": ("tests/test_fields.py",),
    "experts/image_priors.py": ("tests/test_image_priors.py",),
    "networks/denoisers.py": ("tests/test_image_denoiser.py",),
    "training/denoiser.py": ("tests/test_image_denoiser.py",),
}


class Mutant(NamedTuple):
    """One replacement in one file of the library; ``old`` stands there exactly once."""

    what: str
    file: str
    old: str
    new: str


UPDATE = "s.h + eps.eps1 * s.prior + eps.eps2 * s.grad + eps.eps3 * noise"
RELEASED = "d = eps.eps1 * s.prior + eps.eps2 * s.grad + eps.eps3 * noise"
MUTANTS = (
    Mutant("prior's sign", "sampling/chain.py", UPDATE, UPDATE.replace("+ eps.eps1", "- eps.eps1")),
    Mutant("condition's sign", "sampling/chain.py", UPDATE, UPDATE.replace("+ eps.eps2", "- eps.eps2")),
    Mutant("noise's sign", "sampling/chain.py", UPDATE, UPDATE.replace("+ eps.eps3", "- eps.eps3")),
    Mutant("eps3 squared", "sampling/chain.py", UPDATE, UPDATE.replace("eps.eps3", "eps.eps3**2")),
    Mutant("h forgotten", "sampling/chain.py", UPDATE, UPDATE.replace("s.h + ", "")),
    Mutant("gradient normalised over the batch", "sampling/chain.py", UPDATE, UPDATE.replace("s.grad", "s.grad / s.grad.std(0)")),
    Mutant("sqrt 2 dropped", "sampling/chain.py", "math.sqrt(2 * delta)", "math.sqrt(delta)"),
    Mutant("times sigma^2", "sampling/chain.py", "cls(delta / sigma**2,", "cls(delta * sigma**2,"),
    Mutant("divided by sigma", "sampling/chain.py", "cls(delta / sigma**2,", "cls(delta / sigma,"),
    Mutant("sum -> mean", "sampling/chain.py", "log_p.sum(), leaf", "log_p.mean(), leaf"),
    Mutant("one noise for all chains", "sampling/noise.py", "zip(rows, self.generators, strict=True)", "zip(rows, [self.generators[0]] * len(self), strict=True)"),
    Mutant("noise left out of the released sum", "sampling/released.py", RELEASED, RELEASED.replace(" + eps.eps3 * noise", "")),
    Mutant("released step: prior's sign", "sampling/released.py", RELEASED, RELEASED.replace("eps.eps1 * s.prior", "-eps.eps1 * s.prior")),
    Mutant("released step: condition's sign", "sampling/released.py", RELEASED, RELEASED.replace("+ eps.eps2", "- eps.eps2")),
    Mutant("released schedule's sign", "sampling/released.py", "size + (size_end - size) * t", "size - (size_end - size) * t"),
    Mutant("released mean over the batch", "sampling/released.py", "d.abs().flatten(1).mean(1)", "d.abs().mean().expand(len(d))"),
    Mutant("released mean without abs", "sampling/released.py", "d.abs().flatten(1).mean(1)", "d.flatten(1).mean(1)"),
    Mutant("released step not clipped", "sampling/released.py", ".clamp(*clip)", ""),
    Mutant("autoencoder's sign", "experts/priors.py", "return back - h", "return h - back"),
    Mutant("Gaussian's sign", "experts/priors.py", "lambda h: -h / variance", "lambda h: h / variance"),
    Mutant("times the variance", "experts/priors.py", "lambda h: -h / variance", "lambda h: -h * variance"),
    Mutant("released weight p instead of 1 - p", "experts/conditions.py", "(1 - log_p.exp())", "log_p.exp()"),
    Mutant("released condition's sign", "experts/conditions.py", "log_p + target - target.detach()", "log_p - target + target.detach()"),
    Mutant("logit instead of log softmax", "experts/conditions.py", "head, lambda logits, column: F.log_softmax(logits, 1).gather", "head, lambda logits, column: logits.gather"),
    Mutant("product -> mean of experts", "experts/conditions.py", "for expert in experts]).sum(0)", "for expert in experts]).mean(0)"),
    Mutant("once: always the first result", "sampling/once.py", "argument is x and version == x._version", "True"),
    Mutant("MALA: drift of sigma^2", "sampling/mcmc.py", "x = state.x + self.sigma**2 / 2 * state.grad", "x = state.x + self.sigma**2 * state.grad"),
    Mutant("MALA: proposal's drift forgotten", "sampling/mcmc.py", "to - x - self.sigma**2 / 2 * grad", "to - x"),
    Mutant("MALA: back and forth exchanged", "sampling/mcmc.py", "log_p + back - state.log_p - forth", "log_p + forth - state.log_p - back"),
    Mutant("MALA: proposals' variance", "sampling/mcmc.py", "/ (2 * self.sigma**2)", "/ (2 * self.sigma)"),
    Mutant("MH: always accepts", "sampling/mcmc.py", "accepted = log_u < log_ratio", "accepted = log_u < math.inf"),
    Mutant("langevin: sigma^2 instead of sigma^2/2", "sampling/mcmc.py", "cls(log_density, sigma**2 / 2, sigma)", "cls(log_density, sigma**2, sigma)"),
    Mutant("SGLD: drift of sigma^2", "sampling/sgld.py", "x = state.x + sigma**2 / 2 * state.grad", "x = state.x + sigma**2 * state.grad"),
    Mutant("SGLD: one minibatch for all chains", "sampling/sgld.py", "self.log_density(leaf, indices)", "self.log_density(leaf, indices[:1].expand_as(indices))"),
    Mutant("denoiser's score over sigma", "experts/fields.py", "(R(x) - x) / sigma**2", "(R(x) - x) / sigma"),
    Mutant("denoiser's score times sigma^2", "experts/fields.py", "(R(x) - x) / sigma**2", "(R(x) - x) * sigma**2"),
    Mutant("decay away from grey", "experts/image_priors.py", "lambda x: (1 - rate) * x", "lambda x: (1 + rate) * x"),
    Mutant("total variation: uphill", "experts/image_priors.py", "x - weight * value_and_grad", "x + weight * value_and_grad"),
    Mutant("jitter: one shift for all", "experts/image_priors.py", "for g in generators[: len(x)]]", "for g in generators[:1] * len(x)]"),
    Mutant("image denoiser: x kept like its root", "networks/denoisers.py", "(SPREAD / total) ** 2 * x", "SPREAD / total * x"),
    Mutant("image denoiser: weight without its root", "training/denoiser.py", "(s**2 + spread**2).sqrt()", "(s**2 + spread**2)"),
)  # fmt: skip


def main() -> int:
    """Run the tests on each mutant; 1 if one survives."""
    chosen = [int(a) for a in sys.argv[1:]] or range(len(MUTANTS))
    for tests in {TESTS.get(MUTANTS[number].file, SAMPLER) for number in chosen}:
        if _fails(None, tests):
            raise SystemExit(f"{', '.join(tests)}: fail without any mutant, so nothing can be learnt from them")
    survivors = []
    for number in chosen:
        mutant = MUTANTS[number]
        dead = _fails(mutant, TESTS.get(mutant.file, SAMPLER))
        print(f"{number:2}  {'dies' if dead else 'SURVIVES':<9} {mutant.what}", flush=True)
        survivors += [] if dead else [mutant.what]
    print(
        f"{len(chosen) - len(survivors)} of {len(chosen)} mutants die"
        + (f"; survivors: {survivors}" if survivors else "")
    )
    return 1 if survivors else 0


def _fails(mutant: Mutant | None, tests: tuple[str, ...]) -> bool:
    """Whether one of the tests fails on the mutant, or on the library as it is."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("ppgn_lib", "tests", "data", "pyproject.toml"):
            source, target = ROOT / name, Path(folder) / name
            if name == "data":
                target.symlink_to(source)
            elif source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy(source, target)
        if mutant:
            path = Path(folder) / "ppgn_lib" / mutant.file
            text = path.read_text("utf-8")
            if text.count(mutant.old) != 1:
                raise SystemExit(
                    f"{mutant.what}: {mutant.old!r} must stand once in {mutant.file}, stands {text.count(mutant.old)} times"
                )
            path.write_text(text.replace(mutant.old, mutant.new), "utf-8")
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
        done = subprocess.run(
            command, cwd=folder, env={**os.environ, "PYTHONPATH": folder}, capture_output=True, text=True, check=False
        )
        if done.returncode not in (0, 1):
            raise SystemExit(done.stdout + done.stderr)
        return done.returncode == 1


if __name__ == "__main__":
    sys.exit(main())
