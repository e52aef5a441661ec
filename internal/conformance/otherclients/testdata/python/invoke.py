# What a program in Python does with an invoketest server, whose address is its argument. Region and keys are in the environment.
import base64
import json
import sys

import boto3

client = boto3.client("lambda", endpoint_url=sys.argv[1])


def call(name):
    return client.invoke(FunctionName=name, Payload=json.dumps(21), LogType="Tail")


done = call("double")
failed = call("crash")
try:
    call("missing")
except client.exceptions.ResourceNotFoundException as err:
    missing = err.response
print(json.dumps({
    "result": done["Payload"].read().decode(),
    "log": "REPORT RequestId" in base64.b64decode(done["LogResult"]).decode(),
    "failed": failed["FunctionError"] + " " + json.load(failed["Payload"])["errorType"],
    "missing": missing["Error"]["Code"] + " " + str(missing["ResponseMetadata"]["HTTPStatusCode"]),
}))
