"""Uses the SDK's own client of KFP with the server of the tests: `kfp_client.py <host> <pipeline.yaml> <namespace or ->`. Prints one JSON object with all that it has read."""
import json
import sys

import kfp
import kfp_server_api

host, pipeline, namespace = sys.argv[1:]
scope = {} if namespace == "-" else {"namespace": namespace}
client = kfp.Client(host=host, **scope)
plain = kfp_server_api.ApiClient().sanitize_for_serialization


def listed(call, field, **options):
    """All items of a list, three at a time."""
    items, token = [], ""
    while True:
        page = call(page_token=token, page_size=3, **options)
        items += getattr(page, field) or []
        token = page.next_page_token
        if not token:
            return items


read = {}
experiment = client.create_experiment("nights", description="Of the SDK's client.", **scope)
# It is looked for first, and not made twice.
read["same experiment"] = client.create_experiment("nights", **scope).experiment_id == experiment.experiment_id
for name in ("mornings", "noons", "evenings"):
    client.create_experiment(name, **scope)

first = client.upload_pipeline(pipeline, pipeline_name="crashed", description="A demo.", **scope)
version = client.upload_pipeline_version(pipeline, pipeline_version_name="second", pipeline_id=first.pipeline_id, description="Once more.")
for name in ("third", "fourth"):
    client.upload_pipeline_version(pipeline, pipeline_version_name=name, pipeline_id=first.pipeline_id)
read["pipeline id by name"] = client.get_pipeline_id("crashed") if namespace == "-" else first.pipeline_id

settings = {"max_concurrency": 2, "no_catchup": True, "version_id": version.pipeline_version_id, "pipeline_id": first.pipeline_id, "params": {"depth": 3}}
for name, trigger in (("nightly", {"cron_expression": "0 0 0 * * *"}), ("often", {"interval_second": 60}), ("gone", {"cron_expression": "@hourly"})):
    made = client.create_recurring_run(experiment.experiment_id, name, **settings, **trigger)
    if name == "nightly":
        client.disable_recurring_run(made.recurring_run_id)
    if name == "often":
        client.disable_recurring_run(made.recurring_run_id)
        client.enable_recurring_run(made.recurring_run_id)
    if name == "gone":
        client.delete_recurring_run(made.recurring_run_id)

run = client.run_pipeline(experiment.experiment_id, "by version", version_id=version.pipeline_version_id, pipeline_id=first.pipeline_id, params={"depth": 4}, pipeline_root="s3://bucket/root")
# The client itself asks for a version; the API takes the latest.
latest = client._run_api.run_service_create_run(run=kfp_server_api.V2beta1Run(
    experiment_id=experiment.experiment_id, display_name="of the latest", pipeline_version_reference=kfp_server_api.V2beta1PipelineVersionReference(pipeline_id=first.pipeline_id)))
from_file = client.run_pipeline(experiment.experiment_id, "of a file", pipeline_package_path=pipeline)
gone = client.run_pipeline(experiment.experiment_id, "gone", pipeline_id=first.pipeline_id, version_id=version.pipeline_version_id)
client.terminate_run(latest.run_id)
client.delete_run(gone.run_id)

refused = []
for act in (
    lambda: client.get_run("none"),
    lambda: client.upload_pipeline(pipeline, pipeline_name="crashed", **scope),
    lambda: client.create_recurring_run(experiment.experiment_id, "wrong", cron_expression="0 0 * *", **settings),
    lambda: client.terminate_run(latest.run_id),
    lambda: client.list_runs(filter=json.dumps({"predicates": [{"key": "nome", "operation": 1, "stringValue": "x"}]}), **scope),
    lambda: client.list_runs(page_token="x", **scope),
):
    try:
        act()
        refused.append(200)
    except kfp_server_api.ApiException as error:
        refused.append(error.status)
read["refused"] = refused

found = client.list_experiments(filter=json.dumps({"predicates": [{"key": "display_name", "operation": kfp.client.client._FILTER_OPERATIONS["IS_SUBSTRING"], "stringValue": "NOON"}]}), **scope)
read["filtered"] = [item.display_name for item in found.experiments]
read["one by one"] = plain([client.get_pipeline(first.pipeline_id), client.get_pipeline_version(first.pipeline_id, version.pipeline_version_id), client.get_experiment(experiment_name="nights", **scope), client.get_run(run.run_id)])
read["lists"] = plain({
    "pipelines": listed(client.list_pipelines, "pipelines", **scope),
    "versions": listed(client.list_pipeline_versions, "pipeline_versions", pipeline_id=first.pipeline_id, sort_by="created_at desc"),
    "experiments": listed(client.list_experiments, "experiments", **scope),
    "recurringRuns": listed(client.list_recurring_runs, "recurring_runs", **scope),
    "runs": listed(client.list_runs, "runs", sort_by="name", **scope),
})
print(json.dumps(read))
