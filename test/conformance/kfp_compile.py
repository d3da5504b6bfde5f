"""kfp_compile.py IN.py OUT.yaml [IN.py OUT.yaml ...]: what `kfp dsl compile --py IN.py --output OUT.yaml` gives, for many files in one process
(where a file has several pipelines: the last).

The import of kfp costs more than a second, a small pipeline a few milliseconds. Prints one line a file: `ok IN.py` or `failed IN.py: reason`.
"""
import ast
import os
import sys
import warnings

sys.dont_write_bytecode = True

warnings.simplefilter("ignore")
from kfp import compiler  # noqa: E402
from kfp.cli import compile_  # noqa: E402


def last_pipeline(source):
    """the name of the last function under `@dsl.pipeline`: a file may hold sub-pipelines before it"""
    functions = [node for node in ast.parse(open(source).read()).body if isinstance(node, ast.FunctionDef)]
    return [f.name for f in functions if any("dsl.pipeline" in ast.unparse(d) for d in f.decorator_list)][-1]


failed = 0
pairs = list(zip(sys.argv[1::2], sys.argv[2::2]))
for source, target in pairs:
    sys.modules.pop(os.path.splitext(os.path.basename(source))[0], None)  # all files are called pipeline.py
    try:
        compiled = compile_.collect_pipeline_or_component_func(python_file=source, function_name=last_pipeline(source))
        compiler.Compiler().compile(pipeline_func=compiled, package_path=target)
        print("ok", source)
    except Exception as error:  # one bad file must not hide the others
        failed += 1
        print(f"failed {source}: {type(error).__name__}: {error}")
sys.exit(1 if failed else 0)
