"""Every setting of a training run, with its range, and the reason where it is not the paper's."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ppgn_lib.checks import known


def _no_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be a number")  # else True would pass for 1
    return value


def _groups(width: int) -> int:
    if width % 8:
        raise ValueError("must be a multiple of 8, for the groups of the norms")
    return width


Count = Annotated[int, BeforeValidator(_no_bool), Field(ge=1)]
Natural = Annotated[int, BeforeValidator(_no_bool), Field(ge=0)]
Positive = Annotated[float, BeforeValidator(_no_bool), Field(gt=0)]
Weight = Annotated[float, BeforeValidator(_no_bool), Field(ge=0)]
Width = Annotated[int, BeforeValidator(_no_bool), Field(ge=8), AfterValidator(_groups)]
Decay = Annotated[float, BeforeValidator(_no_bool), Field(ge=0, lt=1)]  # of a running average
Probability = Annotated[float, BeforeValidator(_no_bool), Field(ge=0, le=1)]
# What every training of a G against a D has.
RealLabel = Annotated[Probability, Field(description="what D is to say of real images")]
Beta1 = Annotated[Decay, Field(description="of Adam")]
RunningAverage = Annotated[Decay, Field(description="share of the old in each new running average of G's weights")]


class Settings(BaseModel):
    """What every training has. Numbers may be given as strings, as they come from command lines and YAML's ``2e-4``.

    Raises
    ------
    ValueError
        For the first setting that nobody knows, naming the nearest, or that is out of its range.

    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    steps: Count = Field(description="steps of the training")
    batch: Count = Field(default=64, description="images of a step, over all processes")
    lr: Positive = Field(description="learning rate")
    seed: Natural = Field(default=1, description="of weights, order of images and all that is drawn")
    log_every: Count = Field(default=100, description="steps of which the log has the mean losses")
    save_every: Count = Field(default=500, description="steps between checkpoints")

    def __init__(self, **values: Any) -> None:
        known(values, type(self).model_fields, type(self).__name__)
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise ValueError(_one_line(error)) from None

    def changed(self, **values: Any) -> Self:
        """The same but for these; checked as a new one is."""
        return type(self)(**{**dict(self), **values})


class ClassifierSettings(Settings):
    """E, selector or evaluator: cross-entropy over all heads, AdamW, one cycle of the learning rate."""

    steps: Count = Field(default=12_000, description="steps of the training, one cycle of the learning rate")
    lr: Positive = Field(default=1e-3, description="learning rate at the top of the cycle")
    weight_decay: Weight = Field(default=5e-4, description="of AdamW")
    shift: Natural = Field(default=2, description="pixels by which an image may move; its border is continued")
    flip: bool = Field(default=False, description="mirror half of the images")


class EncoderSettings(ClassifierSettings):
    """E."""

    code: Count = Field(default=256, description="length of the code h")


class CaptionerSettings(Settings):
    """The captioner: cross-entropy of each word given those before it, AdamW, one cycle of the learning rate."""

    hidden: Count = Field(default=128, description="width of both layers of the LSTM")
    steps: Count = Field(default=6_000, description="steps of the training, one cycle of the learning rate")
    batch: Count = Field(default=128, description="images of a step, over all processes")
    lr: Positive = Field(default=2e-3, description="learning rate at the top of the cycle")
    weight_decay: Weight = Field(default=5e-4, description="of AdamW")
    flip: bool = Field(default=True, description="mirror half of the images")
    seed: Natural = Field(default=8, description="of weights, order of images and all that is drawn")


class EvaluatorSettings(ClassifierSettings):
    """The judge of two towers."""

    width: Count = Field(default=32, description="channels of the first block of the tower that sees no hue")


class SelectorSettings(ClassifierSettings):
    """The residual judge."""

    # Narrower, its strided shortcuts corrupt memory in their backward pass on a CPU (oneDNN's issue 6035).
    width: Annotated[Count, Field(ge=16)] = Field(default=32, description="channels of the first block, 16 or more")


class GeneratorSettings(Settings):
    """G against D: Eqs. 18-22, weights re-derived for images in [-1, 1] and losses that are means.

    The released weights (image 2e-6, feature 0.01, adversarial 100) are for sums over 0-255 images. As weights of
    our means, image to adversarial is 2e-6 * 3 * 256^2 * 127.5^2 : 100, about 64 : 1 (half of that if their squared
    error has Caffe's factor 1/2); the feature's depends on the size of their features. NOT IN PAPER: ours is 1 : 0.15,
    ten times as much for D, since G here is small and trained for thousands of steps, not a million. L_h1 is
    divided by the mean square of h1, so that 1 is what predicting nothing costs; 0.5 of it kept the items
    recognisable in short trials.
    """

    width: Count = Field(default=32, description="channels of G's last stage")
    d_width: Count = Field(default=32, description="channels of D's first stage")
    image_weight: Weight = Field(default=1.0, description="of Eq. 19")
    h1_weight: Weight = Field(default=0.5, description="of Eq. 20")
    h_weight: Weight = Field(default=0.0, description="of Eq. 23; the paper has it in Joint PPGN-h only, Eq. 24")
    gan_weight: Weight = Field(default=0.15, description="of Eq. 21")
    # Joint PPGN-h: G learns from noisy pictures, features and codes, Noiseless without.
    x_noise: Weight = Field(default=0.0, description="standard deviation of the noise on the images that are encoded")
    h1_noise: Weight = Field(default=0.0, description="of that on their h1")
    h_noise: Weight = Field(default=0.0, description="of that on their codes")
    # NOT IN PAPER: one-sided label smoothing keeps D's gradient alive
    real_label: RealLabel = 0.9
    steps: Count = Field(default=30_000, description="steps of the training")
    lr: Positive = Field(default=2e-4, description="learning rate at first; the paper's, for a million steps, is 2e-4")
    # NOT IN PAPER (0.9): 0.5 damps the oscillation of G and D
    beta1: Beta1 = 0.5
    # NOT IN PAPER (4e-4): fresh tints each epoch leave little to overfit
    weight_decay: Weight = Field(default=0.0, description="of Adam")
    halve_every: Count = Field(
        default=10_000, description="steps after which lr is halved, again and again"
    )  # as in the paper
    pause_d_below: Weight = Field(default=0.1, description="D rests while loss_D / loss_G is below")
    pause_g_above: Positive = Field(default=10.0, description="G rests while loss_D / loss_G is above")
    # NOT IN PAPER: what is sampled from is the running average of G's weights
    ema: RunningAverage = 0.999

    @model_validator(mode="after")
    def _somebody_learns(self) -> Self:
        if self.pause_d_below > self.pause_g_above:
            raise ValueError(
                "pause_d_below must not be above pause_g_above, else both rest at once; "
                f"got {self.pause_d_below} and {self.pause_g_above}"
            )
        return self


class AcganSettings(Settings):
    """AC-GAN: Adam for G and for D."""

    noise: Count = Field(default=100, description="length of G's noise z")
    width: Count = Field(default=48, description="channels of G's last hidden stage")
    d_width: Count = Field(default=12, description="channels of D's first stage")
    batch: Count = Field(default=64, description="images of a step, over all processes; 100 in the paper")
    steps: Count = Field(default=9_000, description="steps of the training; the paper has 50 000")
    # NOT IN PAPER: 1, 2 or 3e-4 there. Of a net of half the width the selector recognises 0.13 of the pictures with
    # 2e-4 for both after 1000 steps; of one of this width 0.75 with 1e-3 for both after 2250, 0.84 with these (both
    # without what is marked in networks/acgan.py, or a part of it)
    lr: Positive = Field(default=2e-3, description="learning rate of G")
    d_lr: Positive = Field(default=2e-3, description="learning rate of D")
    # NOT IN PAPER: 0.5 and dropout of 0.5 there. With dropout a D as small as ours hardly gets beyond guessing: after
    # 1000 steps the selector recognises 0.17 of G's pictures, without it 0.38 after 500, and with this beta1 0.41
    # (one training each, both rates 1e-3, of nets without the layers that are marked in networks/acgan.py)
    beta1: Beta1 = 0.0
    dropout: Decay = Field(default=0.0, description="share of the numbers in D's layers that is left out")
    # NOT IN PAPER: as for PPGN's G, so that the two are compared alike; so is the running average
    real_label: RealLabel = 0.9
    ema: RunningAverage = 0.999
    # NOT IN PAPER: PPGN's rule, with a half for a tenth. A D that wins tells made pictures apart, and then learns what
    # class G means by them, whatever they show. By the selector this net has 0.81 after 2250 steps and 0.76 after 4500,
    # with pauses 0.83 and 0.87 (one training each)
    pause_d_below: Weight = Field(default=0.5, description="D rests while loss_D / loss_G is below")
    flip: bool = Field(default=True, description="mirror half of the images")
    seed: Natural = Field(default=6, description="of weights, order of images and all that is drawn")


class NoiseRange(Settings):
    """Noise of all sizes."""

    sigma_low: Positive = Field(default=0.05, description="noise: log-uniform from here")
    sigma_high: Positive = Field(default=10.0, description="to here, where nothing of what it lies on is left to see")

    @model_validator(mode="after")
    def _goes_up(self) -> Self:
        if not self.sigma_low < self.sigma_high:
            raise ValueError(f"sigma_low must be less than sigma_high; got {self.sigma_low} and {self.sigma_high}")
        return self


class DenoiserSettings(NoiseRange):
    """R of images: squared error at noise of all sizes, AdamW, one cycle of the learning rate."""

    width: Width = Field(default=32, description="channels at full size, a multiple of 8")
    steps: Count = Field(default=4500, description="steps of the training, one cycle of the learning rate")
    lr: Positive = Field(default=2e-3, description="learning rate at the top of the cycle")
    ema: Decay = Field(default=0.999, description="share of the old in each new running average of the weights")
    flip: bool = Field(default=True, description="mirror half of the images")
    seed: Natural = Field(default=4, description="of weights, order of images and all that is drawn")


class ImageAutoencoderSettings(Settings):
    """R of PPGN-x as in the paper: squared error at one noise, Adam, one cycle of the learning rate."""

    width: Count = Field(default=64, description="channels of its first layer")
    sigma: Positive = Field(default=0.2, description="noise, with pixels in [-1, 1]; the paper's 25.6 of 0 to 255")
    steps: Count = Field(default=3000, description="steps of the training, one cycle of the learning rate")
    lr: Positive = Field(default=2e-3, description="learning rate at the top of the cycle")
    # NOT IN PAPER (4e-4): fresh tints each epoch leave nothing to overfit
    weight_decay: Weight = Field(default=0.0, description="of AdamW")
    ema: Decay = Field(default=0.99, description="share of the old in each new running average of the weights")
    flip: bool = Field(default=True, description="mirror half of the images")
    seed: Natural = Field(default=5, description="of weights, order of images and all that is drawn")


class CodesSettings(Settings):
    """What both trainings on codes have. The images are encoded once, at the beginning."""

    images: Natural = Field(default=0, description="images of the training split that are encoded; 0: all")
    tints: Count = Field(default=2, description="codes of each image, each of another tint")
    batch: Count = Field(default=256, description="codes of a step, over all processes")
    lr: Positive = Field(default=1e-3, description="learning rate at the top of the cycle")
    weight_decay: Weight = Field(default=1e-3, description="of AdamW; the paper's, of Adam")
    ema: Decay = Field(default=0.998, description="share of the old in each new running average of the weights")


class CodeAutoencoderSettings(CodesSettings):
    """R of PPGN-h as in the paper: squared error at one noise, AdamW, one cycle of the learning rate."""

    # The paper has sigma 1, "about 10 % of the mean activation" of its codes; ours have 0.56.
    sigma: Positive = Field(default=0.056, description="noise on the codes")
    steps: Count = Field(default=10_000, description="steps of the training, one cycle of the learning rate")
    seed: Natural = Field(default=6, description="of weights, order of codes and all that is drawn")


class CodeDenoiserSettings(CodesSettings, NoiseRange):
    """R of codes for noise of all sizes: squared error, AdamW, one cycle of the learning rate."""

    width: Count = Field(default=512, description="width of its layers")
    depth: Count = Field(default=3, description="blocks of two layers")
    steps: Count = Field(default=10_000, description="steps of the training, one cycle of the learning rate")
    seed: Natural = Field(default=7, description="of weights, order of codes and all that is drawn")


def _one_line(error: ValidationError) -> str:
    """Its first complaint as "ema must be less than 1; got 2"."""
    first = error.errors()[0]
    said = first["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    said = said.replace("greater than or equal to", "at least").replace("less than or equal to", "at most")
    if not first["loc"]:
        return said  # about several settings, and says itself which
    return f"{first['loc'][0]} {said}; got {first['input']}"
