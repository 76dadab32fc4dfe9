"""Ask a served model over gRPC, as a client of the protocol does that knows nothing of ours; run beside MLServer."""

import json
import os
import sys

import grpc
from mlserver.grpc import dataplane_pb2, dataplane_pb2_grpc


def main():
    service = dataplane_pb2_grpc.GRPCInferenceServiceStub(grpc.insecure_channel(os.environ["TEST_GRPC"]))
    tensor = dataplane_pb2.ModelInferRequest.InferInputTensor(
        name="a", datatype="FP64", shape=[2, 1], contents={"fp64_contents": [1.0, 2.0]}
    )
    reply = service.ModelInfer(dataplane_pb2.ModelInferRequest(model_name=sys.argv[1], inputs=[tensor]), timeout=60)
    texts = [[text.decode() for text in output.contents.bytes_contents] for output in reply.outputs]
    print(json.dumps([reply.model_version, texts]))


main()
