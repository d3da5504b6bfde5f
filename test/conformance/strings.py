"""strings.py: what KFP's SDK makes of texts. Reads one JSON object a line and answers each with one line: {"ok": value} or {"error": text}.

{"ask": "load", "file"}: the pipeline and the platform settings of a compiled file, through the SDK's own loader and protobuf.
{"ask": "dump", "spec", "unicode", "style"}: the YAML that PyYAML writes of a pipeline.
"""
import json
import sys
import warnings

warnings.simplefilter("ignore")
sys.dont_write_bytecode = True
import yaml  # noqa: E402
from google.protobuf import json_format  # noqa: E402
from kfp import components  # noqa: E402


def load(ask):
    loaded = components.load_component_from_file(ask["file"])
    return {"spec": json_format.MessageToDict(loaded.pipeline_spec), "platform": json_format.MessageToDict(loaded.platform_spec)}


def dump(ask):
    return yaml.dump(ask["spec"], allow_unicode=ask["unicode"], default_style=ask["style"], sort_keys=True)


ASKS = {"load": load, "dump": dump}

for line in sys.stdin:
    ask = json.loads(line)
    try:
        answer = {"ok": ASKS[ask["ask"]](ask)}
    except Exception as error:  # every way to refuse counts
        answer = {"error": f"{type(error).__name__}: {error}"[:400]}
    print(json.dumps(answer))
