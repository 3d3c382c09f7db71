"""Reads a JUnit file as its readers do, and says what they would stumble over."""

import sys
import xml.etree.ElementTree as tree

root = tree.parse(sys.argv[1]).getroot()
assert root.tag == "testsuites", root.tag
cases = failures = errors = 0
for suite in root:
    assert suite.tag == "testsuite" and suite.get("name"), suite.attrib
    own = suite.findall("testcase")
    assert int(suite.get("tests")) == len(own), suite.attrib
    for case in own:
        assert case.get("classname") and case.get("name"), case.attrib
        for child in case:
            assert child.tag in {"failure", "error", "skipped", "system-out"}, child.tag
        failures += len(case.findall("failure"))
        errors += len(case.findall("error"))
    cases += len(own)
assert (int(root.get("tests")), int(root.get("failures")), int(root.get("errors"))) == (cases, failures, errors), root.attrib
assert cases > 0 and failures + errors > 0
