"""Runs of the benchmark that were never made, for those who judge and show them."""

LIMITS = ("const", "jinja", "insert", "argon2")


def page(*per_second, server="site", p50=2.0, p99=5.0, **more):
    rounds = [
        {"per_second": value, "p50": p50, "p99": p99, "beside": dict.fromkeys(LIMITS, number)}
        for number, value in enumerate(per_second)
    ]
    plain = {"cpu": 1.0, "errors": 0, "bytes": 9000, "transferred": 3000, "statements": 3}
    figures = {"per_second": per_second[0], "p50": p50, "p99": p99, "budget": 4, "writes": False}
    return {"server": server, "rounds": rounds, **plain, **figures, **more}


def bare(*per_second, **more):
    return page(*per_second, server="bare", statements=None, **more)


def result(size="S", database="SQLite 3.45", **pages):
    pages = {"const": bare(5000), "jinja": bare(2000), **pages}
    memory = {"2500 requests": 100, "10000 requests": 102}
    return {"database": database, "size": size, "pages": pages, "memory": memory, "ready": 0.8}
