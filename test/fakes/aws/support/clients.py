"""Makes the calls of a list (JSON on stdin) with boto3 or with the AWS CLI's own code, and prints what each client made of the answers (JSON on stdout)."""

import contextlib
import functools
import io
import json
import os
import re
import sys
import urllib.request

import awscli.clidriver
import boto3
import botocore.exceptions

# The CLI has names of its own for some services.
CLI_NAMES = {"codedeploy": "deploy", "config": "configservice", "s3": "s3api"}
CLI_ERROR = re.compile(r"An error occurred \((\S+)\) when calling the (\w+) operation")


def plain(value):
    """Values that JSON does not know, as text."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.read().decode() if hasattr(value, "read") else str(value)


@functools.cache
def boto3_client(service):
    return boto3.client(service)


@functools.cache
def cli_driver():
    return awscli.clidriver.create_clidriver()


def by_boto3(service, operation, given):
    try:
        answer = getattr(boto3_client(service), operation)(**given)
    except botocore.exceptions.ClientError as error:
        return {"error": error.response["Error"]["Code"], "requestId": bool(error.response["ResponseMetadata"].get("RequestId"))}
    return {"requestId": bool(answer.pop("ResponseMetadata").get("RequestId")), "answer": answer}


def by_cli(service, operation, given):
    out, err = io.StringIO(), io.StringIO()
    # These take their bytes from a file and put them into one.
    files = ["/dev/stdout"] if (service, operation) in (("s3", "get_object"), ("sagemaker-runtime", "invoke_endpoint"), ("bedrock-runtime", "invoke_model")) else []
    # The CLI has endpoints of its own for SQS and Health, which AWS_ENDPOINT_URL does not change.
    where = ["--endpoint-url", os.environ["AWS_ENDPOINT_URL"]]
    args = [*where, CLI_NAMES.get(service, service), operation.replace("_", "-"), "--output", "json", "--cli-input-json", json.dumps(given), *files]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli_driver().main(args)
    found = CLI_ERROR.search(err.getvalue())
    if found:
        return {"error": found[1]}
    if code != 0:
        return {"broken": err.getvalue()}
    return {"answer": json.loads(out.getvalue() or "{}")}


def by_fake(operation, given):
    """What the fake itself is asked or told, beside AWS's protocols."""
    where = f"{os.environ['AWS_ENDPOINT_URL']}/_fake/{operation}"
    with urllib.request.urlopen(where, json.dumps(given).encode() if given else None) as answer:
        told = json.load(answer)
    return {"answer": {"kinds": sorted({effect["kind"] for effect in told})} if operation == "effects" else told}


def filled(value, answers):
    """What was given, with `$operation.Path.0.Name` replaced by what stood there in an earlier answer."""
    if isinstance(value, dict):
        return {key: filled(each, answers) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, answers) for each in value]
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    operation, *path = value[1:].split(".")
    found = answers[operation]
    for step in path:
        found = found[int(step) if step.isdigit() else step]
    return found


def main():
    clients = {"boto3": by_boto3, "cli": by_cli}
    results, answers = [], {}
    for step in json.load(sys.stdin):
        given = filled(step["given"], answers)
        fake = step["service"] == "fake"
        result = by_fake(step["operation"], given) if fake else clients[step["by"]](step["service"], step["operation"], given)
        answers[step["operation"]] = result.get("answer")
        results.append(result)
    json.dump(results, sys.stdout, default=plain)


main()
