"""Hostile and odd requests through raw sockets, with the outcomes that are allowed. Usage: hostile.py TOLLGATE SIMULATOR SOURCE_FOLDER"""
import sys

import rows_body
import rows_framing
import rows_head
import rows_limits
from stage import Stage, WireGateway, report
from upstream import Upstream

TOLLGATE, _, SOURCE = sys.argv[1:4]


def main():
    upstream = Upstream()
    gateway = WireGateway(TOLLGATE, upstream.base, SOURCE)
    impatient = WireGateway(TOLLGATE, upstream.base, SOURCE, **rows_limits.SETTINGS)
    stages = {id(rows): Stage(impatient, upstream) for _, rows in rows_limits.GROUPS}
    patient = Stage(gateway, upstream)
    groups = rows_head.GROUPS + rows_framing.GROUPS + rows_body.GROUPS + rows_limits.GROUPS
    place = {id(row): stages.get(id(rows), patient) for _, rows in groups for row in rows}
    failures = report(groups, lambda row: place[id(row)].run(row))
    for used in (gateway, impatient):
        used.stop()
        used.verify()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
