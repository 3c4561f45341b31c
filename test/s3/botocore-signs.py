# Reads requests as lines of JSON and prints what botocore puts into the header Authorization of each.
import datetime
import json
import sys

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

for line in sys.stdin:
    one = json.loads(line)
    at = datetime.datetime.strptime(one["at"], "%Y-%m-%dT%H:%M:%S.%fZ")

    class Then(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return at

    botocore.auth.datetime.datetime = Then
    origin = one["url"].split("/", 3)
    request = AWSRequest(method=one["method"], url="/".join(origin[:3]) + one["sent"], data=one["body"].encode())
    keys = Credentials(one["accessKey"], one["secretKey"], one.get("token"))
    request.context["payload_signing_enabled"] = True
    botocore.auth.S3SigV4Auth(keys, "s3", one["region"]).add_auth(request)
    print(request.headers["Authorization"])
