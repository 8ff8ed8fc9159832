"""unittests.py FOLDER PATTERN: runs the test cases of these files, and writes how long each took to
the file that FRAMEWIRE_CASES names, in the form in which GoogleTest does so (--gtest_output).
"""
import os
import sys
import time
import unittest
from xml.etree import ElementTree


class Result(unittest.TextTestResult):
    def startTestRun(self):
        super().startTestRun()
        self.cases = ElementTree.Element("testsuite")

    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()
        kind, _, name = test.id().rpartition(".")
        self.case = ElementTree.SubElement(self.cases, "testcase", classname=kind, name=name)

    def stopTest(self, test):
        super().stopTest(test)
        self.case.set("time", f"{time.monotonic() - self.began:.3f}")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        case = getattr(self, "case", None)
        if case is None or case.get("time"):  # a whole class is skipped before it starts
            case = ElementTree.SubElement(self.cases, "testcase", name=test.id(), time="0")
        ElementTree.SubElement(case, "skipped", message=reason)

    def stopTestRun(self):
        super().stopTestRun()
        if path := os.environ.get("FRAMEWIRE_CASES"):
            ElementTree.ElementTree(self.cases).write(path)


def main():
    folder, pattern = sys.argv[1:]
    tests = unittest.defaultTestLoader.discover(folder, pattern)
    result = unittest.TextTestRunner(resultclass=Result).run(tests)
    sys.exit(not (result.wasSuccessful() and result.testsRun))


if __name__ == "__main__":
    main()
