"""Reads with the SDK's own client of KFP what hmc has delivered: `kfp_client_reads.py <host> <pipeline>`. Prints one JSON object."""
import json
import sys

import kfp
import kfp_server_api

host, name = sys.argv[1:]
client = kfp.Client(host=host)
plain = kfp_server_api.ApiClient().sanitize_for_serialization
pipeline_id = client.get_pipeline_id(name)
versions = client.list_pipeline_versions(pipeline_id, sort_by="created_at desc").pipeline_versions
recurring = client.list_recurring_runs().recurring_runs
run = client.run_pipeline(recurring[0].experiment_id, "of the SDK", pipeline_id=pipeline_id, version_id=versions[0].pipeline_version_id, params={"depth": 3})
print(json.dumps(plain({"pipeline": client.get_pipeline(pipeline_id), "versions": versions, "recurringRuns": recurring, "run": run.run_id})))
