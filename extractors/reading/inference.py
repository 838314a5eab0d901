"""Run a neural network on one thread. The only module that knows the inference engine."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import openvino
import openvino.opset13 as operations
from openvino.preprocess import PrePostProcessor

Tensor = npt.NDArray[np.float32]
Pictures = npt.NDArray[np.uint8]  # number x height x width x 3, BGR

# One worker is one process on one thread. Without the pinning switched off, every one-thread
# process is bound to the same core.
SETTINGS: dict[str, int | str | bool] = {
    "INFERENCE_NUM_THREADS": 1,
    "NUM_STREAMS": 1,
    "PERFORMANCE_HINT": "LATENCY",
    "ENABLE_CPU_PINNING": False,
    # Activations and attention give many numbers so small that computing with them takes longer.
    "CPU_DENORMALS_OPTIMIZATION": True,
}
# Kernels kept for shapes seen before, of each kind. A network whose inputs change with every line
# needs more, or it compiles all day.
KEPT_KERNELS = 64


def engine_name() -> str:
    """Return name and version of the inference engine, for `engine_version`."""
    return f"openvino-{openvino.__version__.split('-')[0]}"


# Rewrites a model before it is compiled, to the same end with less work.
Rewrite = Callable[[openvino.Model], None]


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
        rewrite: Rewrite | None = None,
    ) -> None:
        core = openvino.Core()
        model = core.read_model(str(path))
        if rewrite is not None:
            rewrite(model)
        around = PrePostProcessor(model)
        pixels = around.input()
        pixels.tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
        pixels.model().set_layout(openvino.Layout("NCHW"))
        steps = pixels.preprocess().convert_element_type(openvino.Type.f32)
        steps.mean(list(mean)).scale(list(deviation))
        settings = SETTINGS | {"CPU_RUNTIME_CACHE_CAPACITY": kept_kernels}
        compiled = core.compile_model(around.build(), "CPU", settings)
        self._request = compiled.create_infer_request()

    def run(self, pictures: Pictures) -> Tensor:
        """Return the first output for pictures of one size, valid until the next run."""
        outputs = self._request.infer({0: pictures}, share_inputs=True, share_outputs=True)
        result: Tensor = outputs[0]
        return result


def leave_squares(model: openvino.Model) -> None:
    """Let a detector return four probabilities for each square of 2 x 2 pixels, row by row.

    Its last step spreads every point over such a square with a transposed convolution: the same
    as a convolution to four channels at half the size, but a single channel wastes seven eighths
    of every register in it, and in the sigmoid after it.
    """
    (result,) = model.get_results()
    sigmoid = _before(result, "Sigmoid")
    addition = _before(sigmoid, "Add")
    enlarging = _before(addition, "ConvolutionBackpropData")
    weights = enlarging.input_value(1).get_node().get_data()
    if weights.shape[1:] != (1, 2, 2):
        raise ValueError(f"the detector does not end with squares of 2 x 2: {weights.shape}")
    kernel = weights.reshape(len(weights), 4).T[:, :, np.newaxis, np.newaxis]
    ones, none = [1, 1], [0, 0]
    squares = operations.convolution(
        enlarging.input_value(0), np.ascontiguousarray(kernel), ones, none, none, ones
    )
    addition.input(0).replace_source_output(squares.output(0))
    model.validate_nodes_and_infer_types()


def _before(node: openvino.Node, kind: str) -> openvino.Node:
    """Return the node that feeds another one; raise `ValueError` where it is of another kind."""
    found = node.input_value(0).get_node()
    if found.get_type_name() != kind:
        raise ValueError(f"the model has {found.get_type_name()} where {kind} is expected")
    return found
