"""equivalent.py --tools DIR PAIRS.json: compares pairs of KFP files with ireq.py --alpha of that folder.

PAIRS.json is a list of {"name", "first", "second"}, with "info": true where names and descriptions of the pipelines count, too. Prints one JSON object a pair: {"name", "problems": [text]}.
"""
import importlib.util
import json
import os
import sys

sys.dont_write_bytecode = True
tools, pairs = sys.argv[sys.argv.index("--tools") + 1], json.load(open(sys.argv[-1], encoding="utf-8"))
spec = importlib.util.spec_from_file_location("ireq", os.path.join(tools, "ireq.py"))
ireq = importlib.util.module_from_spec(spec)
spec.loader.exec_module(ireq)

for pair in pairs:
    try:
        first, second = (ireq.alpha(ireq.canon(pair[side], pair.get("info", False))) for side in ("first", "second"))
        problems = list(ireq.diff(first, second))
    except Exception as error:  # whatever it cannot compare is no match
        problems = [f"{type(error).__name__}: {error}"]
    print(json.dumps({"name": pair["name"], "problems": problems[:200]}))
