"""Can the site serve? Ends with 0 if so. For the Dockerfile; wants nothing but Python.

`python deploy/healthcheck.py /health/live` asks for the process alone.
"""

import http.client
import os
import sys

path = sys.argv[1] if len(sys.argv) > 1 else "/health/ready"
connection = http.client.HTTPConnection("localhost", int(os.environ.get("PORT") or 5000), timeout=4)
try:
    connection.request("GET", path)
    status = connection.getresponse().status
except OSError as error:
    sys.exit(f"no answer: {error}")
if status != 200:
    sys.exit(f"answered {status}")
