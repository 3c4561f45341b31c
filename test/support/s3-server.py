# An S3 service on 127.0.0.1 that checks signatures with botocore and keeps objects in memory. The bucket's name says how it behaves.
# Prints its port; /log has a line for each request so far: METHOD PATH STATUS.
import datetime
import http.server
import sys
import urllib.parse

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ACCESS, SECRET = "lab:tester", "a-secret-key/of+the=lab"
objects = {}
log = []


def signature_is_right(handler, body):
    """Signs the request again from what came over the wire."""
    given = handler.headers.get("Authorization", "")
    parts = dict(part.strip().split("=", 1) for part in given.partition(" ")[2].split(",") if "=" in part)
    if not parts.get("Credential", "").startswith(ACCESS + "/"):
        return False
    stamp = handler.headers.get("x-amz-date", "")
    then = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ")

    class Then(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return then

    botocore.auth.datetime.datetime = Then
    request = AWSRequest(method=handler.command, url=f"http://{handler.headers['Host']}{handler.path}", data=body)
    request.context["payload_signing_enabled"] = True
    region = parts["Credential"].split("/")[-3]
    botocore.auth.S3SigV4Auth(Credentials(ACCESS, SECRET), "s3", region).add_auth(request)
    return request.headers["Authorization"] == given


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def answer(self, status, body=b"", cut=None):
        log.append(f"{self.command} {self.path} {status}")
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if cut is None else body[:cut])
        self.close_connection = True

    def refuse(self, status, code, message):
        text = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
        self.answer(status, text.encode())

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urllib.parse.urlsplit(self.path)
        bucket, _, key = url.path.lstrip("/").partition("/")
        if bucket == "log":
            return self.answer(200, "\n".join(log).encode())
        if bucket == "busy":
            return self.refuse(503, "SlowDown", "Please reduce your request rate.")
        if not signature_is_right(self, body):
            return self.refuse(403, "SignatureDoesNotMatch", "The signature is not the one that was calculated.")
        if self.command == "PUT":
            objects[(bucket, key)] = body
            if bucket == "lost":
                log.append(f"{self.command} {self.path} -")
                self.close_connection = True
                return None
            return self.answer(200)
        if self.command == "DELETE":
            if bucket == "kept":
                return self.refuse(403, "AccessDenied", "Access Denied.")
            objects.pop((bucket, key), None)
            return self.answer(204)
        if key == "":
            prefix = dict(urllib.parse.parse_qsl(url.query)).get("prefix", "")
            names = [name for of, name in objects if of == bucket and name.startswith(prefix)]
            shown = [] if bucket == "unlisted" else names
            rows = "".join(f"<Contents><Key>{name}</Key></Contents>" for name in shown)
            return self.answer(200, f"<ListBucketResult>{rows}</ListBucketResult>".encode())
        found = objects.get((bucket, key))
        if found is None:
            return self.refuse(404, "NoSuchKey", "The specified key does not exist.")
        if bucket == "flips":
            found = bytes([found[0] ^ 1]) + found[1:]
        return self.answer(200, found, cut=1000 if bucket == "cut" else None)

    do_GET = do_PUT = do_DELETE = handle_one


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
sys.stdin.close()
server.serve_forever()
