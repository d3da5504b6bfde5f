"""reader.py: what PyYAML, protobuf and KFP's SDK make of inputs. Reads one JSON object a line, {"ask", "value"}, and answers each with one
line: {"ok": value} or {"error": text}.

"yaml": the documents of a text. "messages": the documents {"spec", "platform"}, parsed strictly in all four layers: PipelineSpec, the
PipelineDeploymentConfig inside its Struct, PlatformSpec, and each KubernetesExecutorConfig inside that one's Struct; answers with what
protobuf prints of them. "fields": the fields of each message, and the names of each enum, that such documents can have. "v1": the pipeline that the SDK makes of a v1 component.
"""
import json
import math
import sys
import warnings

warnings.simplefilter("ignore")
sys.dont_write_bytecode = True
sys.setrecursionlimit(10000)
import yaml  # noqa: E402
from google.protobuf import json_format  # noqa: E402
from kfp import components  # noqa: E402
from kfp.kubernetes import kubernetes_executor_config_pb2  # noqa: E402
from kfp.pipeline_spec import pipeline_spec_pb2  # noqa: E402

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def only_json(value):
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise ValueError("a key that is no text")
        return {key: only_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [only_json(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("no finite number")
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise ValueError(f"a value of the type {type(value).__name__}")


def printed(value, message):
    json_format.ParseDict(value, message)
    return json_format.MessageToDict(message)


def messages(documents):
    spec = printed(documents["spec"], pipeline_spec_pb2.PipelineSpec())
    deployment = documents["spec"].get("deploymentSpec", documents["spec"].get("deployment_spec"))
    if deployment is not None:
        spec["deploymentSpec"] = printed(deployment, pipeline_spec_pb2.PipelineDeploymentConfig())
    if documents.get("platform") is None:
        return {"spec": spec}
    platform = printed(documents["platform"], pipeline_spec_pb2.PlatformSpec())
    for single in platform.get("platforms", {}).values():
        executors = single.get("deploymentSpec", {}).get("executors", {})
        for label, executor in executors.items():
            executors[label] = printed(executor, kubernetes_executor_config_pb2.KubernetesExecutorConfig())
    return {"spec": spec, "platform": platform}


def fields(_):
    found = {}

    def visit(descriptor):
        if descriptor.file.package == "google.protobuf" or descriptor.full_name in found or descriptor.GetOptions().map_entry:
            return
        found[descriptor.full_name] = [field.json_name for field in descriptor.fields]
        for field in descriptor.fields:
            kind = field.message_type
            if kind is not None and kind.GetOptions().map_entry:
                kind = kind.fields_by_name["value"].message_type
            if kind is not None:
                visit(kind)
            if field.enum_type is not None:
                found[field.enum_type.full_name] = [value.name for value in field.enum_type.values]

    for root in (pipeline_spec_pb2.PipelineSpec, pipeline_spec_pb2.PipelineDeploymentConfig, pipeline_spec_pb2.PlatformSpec, pipeline_spec_pb2.PlatformDeploymentConfig, kubernetes_executor_config_pb2.KubernetesExecutorConfig):
        visit(root.DESCRIPTOR)
    return found


def v1(text):
    return json_format.MessageToDict(components.load_component_from_text(text).pipeline_spec)


ASKS = {"yaml": lambda text: only_json(list(yaml.load_all(text, Loader))), "messages": messages, "fields": fields, "v1": v1}

for line in sys.stdin:
    ask = json.loads(line)
    try:
        answer = {"ok": ASKS[ask["ask"]](ask["value"])}
    except Exception as error:  # every way to refuse counts
        answer = {"error": f"{type(error).__name__}: {error}"[:400]}
    print(json.dumps(answer))
