"""A captioner after LRCN (Donahue et al. 2015): two layers of LSTM read the words so far, a convnet looks.

The LSTM is built from cells, since cuDNN's fused one refuses to run backward in evaluation mode, which a condition
needs.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ppgn_lib.data.captions import PAD, START, Vocabulary
from ppgn_lib.networks.features import check_input
from ppgn_lib.networks.small import Classes, Encoder


class Captioner(nn.Module):
    """Pictures (B, 3, size, size) in [-1, 1] and words -> logits of the next word.

    Its eyes are an E that was trained beforehand to name things, as LRCN's convnet was on ImageNet, with the weights
    that it had.

    NOT IN PAPER: LRCN's second layer reads what the convnet sees. Here it joins the words behind the LSTM, as in m-RNN
    (Mao et al. 2015). Pictures at the beginning of a chain are unlike photographs, and drive the gates of an LSTM that
    reads them wide open or shut, where next to no gradient passes: chains got stuck where the caption was unlikely
    (``book/training_log.md``).
    """

    def __init__(
        self, words: Sequence[str], *, classes: Classes, size: int = 32, code: int = 256, hidden: int = 128
    ) -> None:
        super().__init__()
        self.vocabulary = Vocabulary(words)
        self.size, self.hidden = size, hidden
        self.eyes = Encoder(classes, size=size, code=code)
        self.settings = {"words": self.vocabulary.words, **self.eyes.settings, "hidden": hidden}
        self.embed = nn.Embedding(len(self.vocabulary), hidden)
        self.first, self.second = nn.LSTMCell(hidden, hidden), nn.LSTMCell(hidden, hidden)
        self.dropout = nn.Dropout(0.2)
        self.join = nn.Linear(hidden + code, 2 * hidden)
        self.say = nn.Linear(2 * hidden, len(self.vocabulary))

    def forward(self, x: Tensor, words: Tensor) -> Tensor:
        """Logits (B, T, V) of each of the T words given the ones before it; words (B, T) int64."""
        seen, state, said = self.see(x), None, []
        before = torch.cat([torch.full_like(words[:, :1], START), words[:, :-1]], 1)
        for word in before.unbind(1):
            so_far, state = self.read(word, state)
            said.append(so_far)
        return self.answer(torch.stack(said, 1), seen[:, None].expand(-1, words.shape[1], -1))

    def see(self, x: Tensor) -> Tensor:
        """What the convnet sees: E's code, (B, code)."""
        check_input("the captioner", x, self.size)
        return self.eyes.e2(self.eyes.e1(x))

    def read(self, word: Tensor, state: tuple[Tensor, ...] | None) -> tuple[Tensor, tuple[Tensor, ...]]:
        """What the words say so far, (B, hidden), with one word (B,) more, and the state of both layers."""
        if state is None:
            state = (self.embed.weight.new_zeros(len(word), self.hidden),) * 4
        h1, c1 = self.first(self.dropout(self.embed(word)), state[:2])
        h2, c2 = self.second(self.dropout(h1), state[2:])
        return self.dropout(h2), (h1, c1, h2, c2)

    def answer(self, said: Tensor, seen: Tensor) -> Tensor:
        """Logits (..., V) of the next word, from what words say (..., hidden) and the picture shows (..., code)."""
        both = F.relu(self.join(torch.cat([said, seen], -1)))
        return self.say(self.dropout(both))

    @torch.no_grad()
    def describe(self, x: Tensor, longest: int = 16) -> list[str]:
        """A caption for each picture, the likeliest word at each place."""
        seen, state = self.see(x), None
        word = torch.full((len(x),), START, device=x.device)
        said = []
        for _ in range(longest):
            so_far, state = self.read(word, state)
            word = self.answer(so_far, seen).argmax(1)
            said.append(word)
        return self.vocabulary.decode(torch.stack(said, 1).cpu())


def caption_loss(logits: Tensor, words: Tensor) -> Tensor:
    """Mean over the words of a batch of ``-log p(w_t | w_<t, x)``; padding does not count."""
    return F.cross_entropy(logits.flatten(0, 1), words.flatten(), ignore_index=PAD)
