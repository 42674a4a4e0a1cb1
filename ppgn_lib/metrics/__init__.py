"""Judging samples with networks that had no part in making them; how, is told in ``protocol``.

``python -m ppgn_lib.metrics SAMPLES REAL`` compares two folders of images.
"""

from ppgn_lib.metrics.distances import Neighbours as Neighbours
from ppgn_lib.metrics.distances import frechet as frechet
from ppgn_lib.metrics.distances import kernel_distance as kernel_distance
from ppgn_lib.metrics.distances import kernel_distance_by_class as kernel_distance_by_class
from ppgn_lib.metrics.distances import neighbours as neighbours
from ppgn_lib.metrics.distances import neighbours_by_class as neighbours_by_class
from ppgn_lib.metrics.diversity import classes_more_diverse as classes_more_diverse
from ppgn_lib.metrics.diversity import diversity as diversity
from ppgn_lib.metrics.diversity import mean_of_pairs as mean_of_pairs
from ppgn_lib.metrics.diversity import ms_ssim as ms_ssim
from ppgn_lib.metrics.diversity import normalised_luminance as normalised_luminance
from ppgn_lib.metrics.diversity import pair_diversity as pair_diversity
from ppgn_lib.metrics.diversity import pair_variety as pair_variety
from ppgn_lib.metrics.diversity import spread as spread
from ppgn_lib.metrics.intervals import Estimate as Estimate
from ppgn_lib.metrics.intervals import by_student as by_student
from ppgn_lib.metrics.intervals import difference as difference
from ppgn_lib.metrics.intervals import fall as fall
from ppgn_lib.metrics.intervals import mean_of as mean_of
from ppgn_lib.metrics.intervals import mean_with_interval as mean_with_interval
from ppgn_lib.metrics.intervals import over_pairs as over_pairs
from ppgn_lib.metrics.intervals import ratio as ratio
from ppgn_lib.metrics.intervals import with_interval as with_interval
from ppgn_lib.metrics.judging import Judge as Judge
from ppgn_lib.metrics.judging import Judgement as Judgement
from ppgn_lib.metrics.judging import accuracy as accuracy
from ppgn_lib.metrics.judging import imagenet as imagenet
from ppgn_lib.metrics.judging import in_blocks as in_blocks
from ppgn_lib.metrics.judging import inception as inception
from ppgn_lib.metrics.judging import judge_with as judge_with
from ppgn_lib.metrics.judging import judgement as judgement
from ppgn_lib.metrics.judging import score as score
from ppgn_lib.metrics.memorisation import memorisation as memorisation
from ppgn_lib.metrics.mixing import clusters as clusters
from ppgn_lib.metrics.mixing import clusters_visited as clusters_visited
from ppgn_lib.metrics.mixing import effective_size as effective_size
from ppgn_lib.metrics.sources import as_images as as_images
from ppgn_lib.metrics.spectrum import band_power as band_power
from ppgn_lib.metrics.spectrum import band_ratios as band_ratios
from ppgn_lib.metrics.spectrum import worst as worst
from ppgn_lib.metrics.two_sample import two_sample as two_sample
