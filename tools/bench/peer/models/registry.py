"""The reference of each preset, by the preset's name, and of examples."""

from convolutional import CONVOLUTIONAL
from keras_conv import KerasConv
from latents import LATENTS
from objectives import OBJECTIVES

MODELS = {**OBJECTIVES, **CONVOLUTIONAL, **LATENTS, "keras-conv": KerasConv}
