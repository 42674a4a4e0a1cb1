"""The authors' sampling loop, transcribed: what `step.speedup_over_released` is compared with.

One chain, G run twice a step, E and C as two passes, as in Evolving-AI-Lab/ppgn (MIT). Not for use: the same codes
come out of `released_chain`, as tests/test_benchmarks.py checks.
"""

import torch


def released_loop(h0, G, E, C, y, eps, *, steps, lr=1.0, lr_end=1.0, clip=(0.0, 30.0), seed=0):
    """Yield the code (1, 256) after each step. C: image -> logits, a network of its own to this loop."""
    h = h0.detach().clone()
    noise = torch.Generator().manual_seed(seed)
    for t in range(steps):
        # 1. The prior's term: decode, encode.
        with torch.no_grad():
            d_prior = E(G(h)).h - h
        # 2. The condition's term: decode again, classify, back to the image, and from the image to the code.
        with torch.enable_grad():
            leaf = h.detach().requires_grad_()
            image = G(leaf)
            pixels = image.detach().requires_grad_()
            logits = C(pixels)
        p = logits.detach().softmax(1)
        seed_of_backward = torch.zeros_like(logits)
        seed_of_backward[0, y] = 1 - p[0, y]  # the target's logit only
        (d_image,) = torch.autograd.grad(logits, pixels, seed_of_backward)
        (d_condition,) = torch.autograd.grad(image, leaf, d_image)
        # 3. The sum, scaled to a mean absolute size per coordinate, noise inside, then clipped.
        d = eps.eps1 * d_prior + eps.eps2 * d_condition
        if eps.eps3 > 0:
            d = d + eps.eps3 * torch.randn(h.shape, generator=noise, dtype=h.dtype)
        step_size = lr + (lr_end - lr) * t / steps
        h = (h + step_size / d.abs().mean() * d).clamp(*clip)
        yield h
