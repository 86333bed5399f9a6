"""Runs a job of SQL statements on Spark, on this machine, one after the other.

The job is a JSON file: {"settings": {name: value}, "statements": [{"name": ..., "sql": ...}]}. Prints the name of each
statement when it has run. Ends with exit code 1 at the first one that Spark refuses, and says why on stderr.
"""

import json
import sys
import time
from pathlib import Path

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession


def main(job_path: str) -> int:
    job = json.loads(Path(job_path).read_text(encoding="utf-8"))
    builder = SparkSession.builder.appName("verify-spark")
    for name, value in job["settings"].items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    try:
        for statement in job["statements"]:
            started_at = time.monotonic()
            try:
                spark.sql(statement["sql"])
            except PySparkException as error:
                print(f"{statement['name']}: {error}", file=sys.stderr)
                return 1
            print(f"{statement['name']} ({time.monotonic() - started_at:.1f} s)", flush=True)
    finally:
        spark.stop()
    return 0


sys.exit(main(sys.argv[1]))
