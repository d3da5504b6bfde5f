"""schema.py [--tools DIR] [--oss] FILE...: checks compiled KFP files with KFP's own schemas and loader.

A strict parse of every layer: PipelineSpec, the PipelineDeploymentConfig inside its Struct, PlatformSpec, and each KubernetesExecutorConfig
inside that one's Struct; then `kfp.components.load_component_from_file`; then, with `--tools`, irlint.py of that folder (`--oss`: with the
limits of KFP's open-source back end). Prints one JSON object a check: {"file", "check", "problems": [text]}.
"""
import json
import sys
import warnings

warnings.simplefilter("ignore")
sys.dont_write_bytecode = True
import yaml  # noqa: E402
from google.protobuf import json_format  # noqa: E402
from kfp import components  # noqa: E402
from kfp.kubernetes import kubernetes_executor_config_pb2  # noqa: E402
from kfp.pipeline_spec import pipeline_spec_pb2  # noqa: E402

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(value, message):
    try:
        json_format.ParseDict(value, message)
        return []
    except json_format.ParseError as error:
        return [str(error).splitlines()[0]]


def schema(documents):
    specs = [d for d in documents if "pipelineInfo" in d]
    if len(specs) != 1 or documents[0] is not specs[0]:
        return [f"the first of {len(documents)} documents, and no other, must be a PipelineSpec"]
    problems = parse(specs[0], pipeline_spec_pb2.PipelineSpec())
    problems += parse(specs[0].get("deploymentSpec", {}), pipeline_spec_pb2.PipelineDeploymentConfig())
    for document in documents[1:]:
        problems += parse(document, pipeline_spec_pb2.PlatformSpec())
        for name, platform in document.get("platforms", {}).items():
            if name != "kubernetes":
                problems.append(f'unknown platform "{name}"')
            for label, executor in platform.get("deploymentSpec", {}).get("executors", {}).items():
                problems += [f"{label}: {p}" for p in parse(executor, kubernetes_executor_config_pb2.KubernetesExecutorConfig())]
    return problems


def load(file):
    try:
        component = components.load_component_from_file(file)
        return [] if component.pipeline_spec.root.dag.tasks else ["it was loaded without tasks"]
    except Exception as error:  # any failure to load is the finding
        return [f"{type(error).__name__}: {error}"]


arguments = sys.argv[1:]
oss = "--oss" in arguments
tools = arguments[arguments.index("--tools") + 1] if "--tools" in arguments else None
files = [a for a in arguments if a not in ("--oss", "--tools", tools)]
if tools:
    sys.path.insert(0, tools)
    import irlint
for file in files:
    documents = [d for d in yaml.load_all(open(file, encoding="utf-8"), Loader) if d]
    checks = {"schema": schema(documents), "load_component_from_file": load(file)}
    if tools:
        checks["irlint --oss" if oss else "irlint"] = irlint.lint(documents, oss)
    for check, problems in checks.items():
        print(json.dumps({"file": file, "check": check, "problems": problems}))
