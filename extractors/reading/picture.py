"""What a decoded page is to everything in this package."""

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]  # height x width x 3, BGR
Grey = npt.NDArray[np.uint8]  # height x width
