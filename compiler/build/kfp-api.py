"""Prints, as JSON, what the package kfp-server-api documents of KFP's v2beta1 API: each call with its parameters, and each model with its fields."""
import importlib
import inspect
import json
import pkgutil
import re

import kfp_server_api
from kfp_server_api import api as apis

SERVICES = ("healthz", "experiment", "pipeline", "pipeline_upload", "recurring_run", "run")
PARAMETER = re.compile(r":param (\w+):(.*?)\n\s*:type \1: ([\w()., \[\]]+)", re.S)
PLACES = {"path": r"path_params\['([^']+)'\] = local_var_params\['(\w+)'\]", "query": r"query_params\.append\(\('([^']+)', local_var_params\['(\w+)'\]", "form": r"local_var_files\['([^']+)'\] = local_var_params\['(\w+)'\]"}


def operations():
    for module_info in pkgutil.iter_modules(apis.__path__):
        if module_info.name.removesuffix("_service_api") not in SERVICES:
            continue
        module = importlib.import_module(f"kfp_server_api.api.{module_info.name}")
        for _, service in inspect.getmembers(module, inspect.isclass):
            if service.__module__ != module.__name__:
                continue
            for name, method in inspect.getmembers(service, inspect.isfunction):
                if not name.endswith("_with_http_info"):
                    continue
                source = inspect.getsource(method)
                path, verb = re.search(r"call_api\(\s*'([^']+)', '([A-Z]+)'", source).groups()
                if "/v2beta1/" not in path:
                    continue
                described = {name: {"type": kind, "required": "(required)" in text} for name, text, kind in PARAMETER.findall(inspect.getdoc(method))}
                body = re.search(r"body_params = local_var_params\['(\w+)'\]", source)
                content = re.search(r"select_header_content_type\(.*?\['([^']+)'\]", source, re.S)
                response = re.search(r"response_type='([^']+)'", source)
                yield {
                    "method": verb,
                    "path": path,
                    "parameters": [{"name": wire, "in": place, **described[name]} for place, pattern in PLACES.items() for wire, name in re.findall(pattern, source)],
                    "content": content.group(1) if content else None,
                    "body": described[body.group(1)] if body else None,
                    "response": response.group(1) if response else None,
                }


def models():
    for name, model in inspect.getmembers(importlib.import_module("kfp_server_api.models"), inspect.isclass):
        values = getattr(model, "allowable_values", None)
        if not model.openapi_types and values is None:
            values = [value for key, value in vars(model).items() if key.isupper() and isinstance(value, str)]
        if values:
            yield name, {"values": values}
            continue
        source = inspect.getsource(model)
        enums = {field: re.findall(r'"([^"]+)"', listed) for field, listed in re.findall(r"def (\w+)\(self, \w+\):(?:(?!def ).)*?allowed_values = \[([^\]]+)\]", source, re.S)}
        yield name, {"fields": {model.attribute_map[key]: enums.get(key) or kind for key, kind in model.openapi_types.items()}}


print(json.dumps({"version": kfp_server_api.__version__, "operations": sorted(operations(), key=lambda call: (call["path"], call["method"])), "models": dict(models())}))
