"""Does the site answer? Ends with 0 if so. For the Dockerfile; wants nothing but Python."""

import http.client
import os
import sys

connection = http.client.HTTPConnection("localhost", int(os.environ.get("PORT") or 5000), timeout=4)
try:
    connection.request("HEAD", "/")
    status = connection.getresponse().status
except OSError as error:
    sys.exit(f"no answer: {error}")
if status >= 500:
    sys.exit(f"answered {status}")
