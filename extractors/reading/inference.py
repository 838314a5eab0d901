"""Run a neural network on one thread. The only module that knows the inference engine."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import openvino
from openvino.preprocess import PrePostProcessor

from extractors.reading.picture import Picture

Tensor = npt.NDArray[np.float32]

# One worker is one process on one thread. Without the pinning switched off, every one-thread
# process is bound to the same core.
SETTINGS: dict[str, int | str | bool] = {
    "INFERENCE_NUM_THREADS": 1,
    "NUM_STREAMS": 1,
    "PERFORMANCE_HINT": "LATENCY",
    "ENABLE_CPU_PINNING": False,
}
# Kernels kept for shapes seen before, of each kind. A network whose inputs change with every line
# needs more, or it compiles all day.
KEPT_KERNELS = 64


def engine_name() -> str:
    """Return name and version of the inference engine, for `engine_version`."""
    return f"openvino-{openvino.__version__.split('-')[0]}"


class Network:
    """One model file, loaded for the processor of this machine.

    Grey levels are brought to what the model was trained with inside it: `mean` and `deviation`
    are those of the three channels. Processors that compute in BF16 do so: about twice as fast,
    and on 114 generated pages without one field read otherwise (decision 012).
    """

    def __init__(
        self,
        path: Path,
        mean: tuple[float, float, float],
        deviation: tuple[float, float, float],
        kept_kernels: int = KEPT_KERNELS,
    ) -> None:
        core = openvino.Core()
        around = PrePostProcessor(core.read_model(str(path)))
        pixels = around.input()
        pixels.tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
        pixels.model().set_layout(openvino.Layout("NCHW"))
        steps = pixels.preprocess().convert_element_type(openvino.Type.f32)
        steps.mean(list(mean)).scale(list(deviation))
        settings = SETTINGS | {"CPU_RUNTIME_CACHE_CAPACITY": kept_kernels}
        compiled = core.compile_model(around.build(), "CPU", settings)
        self._request = compiled.create_infer_request()

    def run(self, picture: Picture) -> Tensor:
        """Return the first output for one picture (BGR), valid until the next run."""
        tensor = picture[np.newaxis]
        result: Tensor = self._request.infer({0: tensor}, share_inputs=True, share_outputs=True)[0]
        return result
