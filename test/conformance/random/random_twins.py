"""random_twins.py --tools DIR CASES.json: compiles random pipelines with KFP's SDK and compares them with what hmc gave.

CASES.json is a list of {"name", "python", "function", "sdk", "real"}: the module, its pipeline, and the files of hmc in both shapes (or null).
Prints one JSON object a check: {"name", "check", "problems": [text], "fault"}; the fault says why what the SDK gives is no measure.
"""
import importlib.util
import json
import os
import sys
import warnings

sys.dont_write_bytecode = True
warnings.simplefilter("ignore")
tools, cases = sys.argv[sys.argv.index("--tools") + 1], json.load(open(sys.argv[-1]))
sys.path[:0] = [tools, os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
sys.argv = sys.argv[:1]
import ireq  # noqa: E402
import irlint  # noqa: E402
import schema  # noqa: E402
import yaml  # noqa: E402
from kfp import compiler  # noqa: E402


def module(path, loaded={}):
    if path not in loaded:
        spec = importlib.util.spec_from_file_location(os.path.basename(os.path.dirname(path)).replace("-", "_"), path)
        loaded[path] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loaded[path])
    return loaded[path]


def documents_of(file):
    return [d for d in yaml.load_all(open(file, encoding="utf-8"), schema.Loader) if d]


def twin(case):
    """the differences, and why the SDK's result is no measure, where it is none"""
    target = case["sdk"] + ".python.yaml"
    try:
        pipeline = getattr(module(case["python"]), case["function"])
        if isinstance(pipeline, Exception):
            raise pipeline
        compiler.Compiler().compile(pipeline_func=pipeline, package_path=target)
    except Exception as error:  # it crashes on what its own documentation allows
        return [], f"refused: {type(error).__name__}: {error}".split("\n")[0]
    ours = ireq.alpha(ireq.canon(case["sdk"], False, True))
    try:
        theirs = ireq.alpha(ireq.canon(target, False, True))
    except KeyError:  # a component that is neither a graph nor has an executor
        return [], f"broken: {irlint.lint(documents_of(target), False)[0]}"
    problems = list(ireq.diff(ours, theirs))[:12]
    broken = irlint.lint(documents_of(target), False) if problems else []
    return ([], f"broken: {broken[0]}") if broken else (problems, None)


for case in cases:
    checks, fault = {}, None
    if case["sdk"] and case["python"]:
        checks["twin"], fault = twin(case)
    for shape in ("sdk", "real"):
        if case[shape]:
            documents = documents_of(case[shape])
            checks[f"schema ({shape})"] = schema.schema(documents) + schema.load(case[shape])
            checks[f"irlint ({shape})"] = irlint.lint(documents, shape == "real")
    for check, problems in checks.items():
        print(json.dumps({"name": case["name"], "check": check, "problems": problems, "fault": fault if check == "twin" else None}))
