"""sdk_yaml.py --tools DIR CASES.json: compiles random pipelines with KFP's SDK.

CASES.json is a list of {"name", "python", "function", "target"}: the module, its pipeline, and the file to write. Prints one JSON object a
case: {"name", "refused", "broken"}: why there is no file, and what is wrong with the one there is.
"""
import importlib.util
import json
import os
import sys
import warnings

sys.dont_write_bytecode = True
warnings.simplefilter("ignore")
tools, cases = sys.argv[sys.argv.index("--tools") + 1], json.load(open(sys.argv[-1], encoding="utf-8"))
sys.path.insert(0, tools)
sys.argv = sys.argv[:1]
import irlint  # noqa: E402
import yaml  # noqa: E402
from kfp import compiler  # noqa: E402

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def module(path, loaded={}):
    if path not in loaded:
        spec = importlib.util.spec_from_file_location(os.path.basename(os.path.dirname(path)).replace("-", "_"), path)
        loaded[path] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loaded[path])
    return loaded[path]


def refusal(case):
    try:
        pipeline = getattr(module(case["python"]), case["function"])
        if isinstance(pipeline, Exception):
            raise pipeline
        compiler.Compiler().compile(pipeline_func=pipeline, package_path=case["target"])
    except Exception as error:  # it crashes on what its own documentation allows
        return f"{type(error).__name__}: {error}".split("\n")[0]


def mistake(target):
    with open(target, encoding="utf-8") as file:
        broken = irlint.lint([document for document in yaml.load_all(file, Loader) if document], False)
    return broken[0] if broken else None


for case in cases:
    refused = refusal(case)
    print(json.dumps({"name": case["name"], "refused": refused, "broken": None if refused else mistake(case["target"])}), flush=True)
