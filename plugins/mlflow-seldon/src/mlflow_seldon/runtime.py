"""What MLServer 1.7.1 runs for a model of MLflow's: every type that a model may take or return.

MLServer's own MLflow runtime can't return a series or a list of numbers (its codecs know arrays, tables, dictionaries
of arrays and lists of text), loads in the thread that answers everybody else, and tells no reason when loading fails.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from mlflow.exceptions import MlflowException
from mlserver.errors import InferenceError, MLServerError
from mlserver.types import InferenceRequest, InferenceResponse, MetadataModelResponse, Parameters, ResponseOutput
from mlserver.utils import get_model_uri
from mlserver_mlflow import MLflowRuntime

from mlflow_seldon import layout, serving, wire


class ModelRuntime(MLflowRuntime):  # type: ignore[misc]  # MLServer's classes carry no types here
    """One served model. The settings' `parameters.extra` has its version (of the registry) and revision."""

    # MLServer's runtime adds these as paths of the whole server: with two models they would be the older one's.
    ping = health = mlflow_version = invocations = None

    async def load(self) -> bool:
        """Load in a thread, so that the model's predecessor and the others go on answering; raises MLServerError."""
        folder = await get_model_uri(self._settings)
        try:
            self._model = await asyncio.to_thread(serving.load, folder)
        except (Exception, SystemExit) as error:  # a model that exits mustn't take the server along
            serving.logger.exception("The model %s can't be loaded.", self.name)
            raise MLServerError(f"The model {self.name} can't be loaded: {serving.told(error)}", 500) from error
        if not self._is_wanted():
            raise MLServerError(f"The model {self.name} was loaded too late: another deployment took its place.", 409)
        # One thread a model: its requests don't keep others waiting, and its code need not bear two at a time.
        self._thread = ThreadPoolExecutor(1, f"model-{self.name}")
        self._signature = self._model.metadata.signature
        self._input_schema = self._model.metadata.get_input_schema()
        # Only describes; a signature that MLServer has no words for still serves.
        with contextlib.suppress(Exception):
            self._sync_metadata()
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """Answer a request; raises InferenceError for one the model refuses, MLServerError when its code fails."""
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._thread, context.run, self._answer, payload)

    async def unload(self) -> bool:
        """Wait for the predictions under way: whoever unloaded the model may take its files away then."""
        thread = getattr(self, "_thread", None)
        if thread is not None:
            await asyncio.to_thread(thread.shutdown)
        return True

    async def metadata(self) -> MetadataModelResponse:
        """Return the model's metadata with its version, and its revision as a parameter."""
        found = await super().metadata()
        found.versions = [self._extra("version")]
        found.parameters = Parameters(content_type=_content_type(found), revision=self._extra("revision"))
        return found

    def _answer(self, payload: InferenceRequest) -> InferenceResponse:
        data, params = self._read(payload)
        try:
            predicted = self._model.predict(data, params)
            encoded = wire.encode(predicted)
        except (MlflowException, wire.CannotSend) as error:
            raise InferenceError(f"The model {self.name} can't predict this: {serving.told(error)}") from error
        except (Exception, SystemExit) as error:
            serving.logger.exception("The model %s failed.", self.name)
            raise MLServerError(f"The model {self.name} failed: {serving.told(error)}", 500) from error
        return InferenceResponse(
            model_name=self.name,
            model_version=self._extra("version"),
            outputs=[ResponseOutput(**_with_bytes(tensor)) for tensor in encoded.tensors],
            parameters=Parameters(**encoded.parameters, revision=self._extra("revision")),
        )

    def _read(self, payload: InferenceRequest) -> tuple[Any, dict[str, Any] | None]:
        """Return the input and MLflow's inference parameters, which are the request's further parameters."""
        extra = dict((payload.parameters and payload.parameters.model_extra) or {})
        node = extra.pop(wire.KEY, None)
        try:
            if node is None:
                data = self._read_foreign(payload)
            else:
                tensors = [{"data": tensor.data.root} for tensor in payload.inputs]
                data = wire.value_of(node, tensors)
        except Exception as error:
            raise InferenceError(f"The request to {self.name} can't be read: {serving.told(error)}") from error
        return data, extra or None

    def _read_foreign(self, payload: InferenceRequest) -> Any:
        """Return the input of a client that isn't ours: as MLServer reads it, and one matrix as the table it fills."""
        tensors = payload.inputs
        said = (payload.parameters and payload.parameters.content_type) or any(
            tensor.parameters and tensor.parameters.content_type for tensor in tensors
        )
        width = tensors[0].shape[1] if len(tensors) == 1 and len(tensors[0].shape) == 2 else 1
        schema = self._input_schema
        if not said and width > 1 and schema is not None and not schema.is_tensor_spec():
            import pandas

            columns = schema.input_names() if len(schema.input_names()) == width else None
            return pandas.DataFrame(wire.plain_array(_plain(tensors[0])), columns=columns)
        data = self.decode_request(payload)
        if not isinstance(data, InferenceRequest):
            return data
        return wire.decode([_plain(tensor) for tensor in tensors], None)

    def _is_wanted(self) -> bool:
        """Return whether the settings still name these files: a deployer that gave up has put the former ones back."""
        file = getattr(self._settings, "_source", None)
        if file is None:
            return True
        found = layout.read(Path(file)) or {}
        return str(layout.said(found).get("revision", "")) == self._extra("revision")

    def _extra(self, name: str) -> str:
        parameters = self._settings.parameters
        return str(((parameters and parameters.extra) or {}).get(name, ""))


def _content_type(found: MetadataModelResponse) -> str | None:
    return found.parameters.content_type if found.parameters else None


def _with_bytes(tensor: dict[str, Any]) -> dict[str, Any]:
    """Return a tensor with its texts as bytes: gRPC takes nothing else, and over HTTP MLServer makes texts of them."""
    if tensor["datatype"] != "BYTES":
        return tensor
    return {**tensor, "data": [item.encode() if isinstance(item, str) else item for item in tensor["data"]]}


def _plain(tensor: Any) -> dict[str, Any]:
    # Over HTTP a plain text, over gRPC MLServer's enumeration (1.7.1).
    datatype = getattr(tensor.datatype, "value", tensor.datatype)
    return {"name": tensor.name, "shape": tensor.shape, "datatype": datatype, "data": tensor.data.root}
