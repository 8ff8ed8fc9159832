"""Fails one call after the other of a scenario, until none is left that could fail."""
from control import ERRORS, EVER
from peers import Ended, Peers
from target import Violation

# A server that leaks a block with every run has leaked more than this at the end of a sweep.
BLOCKS_MAX = 400


class Tally:
    """What came of the runs of one scenario."""

    def __init__(self, name):
        self.name = name
        self.runs = 0
        self.violations = []

    def count(self, run, what):
        """Whether any call has failed in `run()`, or something that must hold did not."""
        self.runs += 1
        try:
            return run()
        except Violation as violation:
            self.violations.append(f"{what}: {violation}")
            return True


def plans(calls, quick):
    """(call, error, times), in the order in which they are tried."""
    for call in calls:
        for error in ERRORS[call][:1 if quick else None]:
            for times in (1,) if quick else (1, EVER) if call == "allocate" else (1, 3, EVER):
                yield call, error, times


def words_for(plan, first):
    call, error, times = plan
    last = "" if times == 1 else " and all after it" if times == EVER else f" and {times - 1} more"
    return f"{call} {first}{last}, errno {error}"


def sweep(binary, control, scenario, calls, quick=0):
    """`quick`: so many runs for each call, with its first error."""
    tally = Tally(scenario.name)
    server = scenario.kind(binary, control, scenario.options, scenario.ask, scenario.console)
    for plan in plans(calls, quick):
        first = 1
        while not quick or first <= quick:
            before = len(tally.violations)
            failed = tally.count(lambda: run(server, scenario, plan, first),
                                 words_for(plan, first))
            if len(tally.violations) > before:
                server.kill()
            if not failed:
                break
            first += 1
    if server.child is not None:
        tally.count(lambda: finish(server), "at the end")
    return tally


def run(server, scenario, plan, first):
    """Whether any call has failed."""
    call, error, times = plan
    control = server.control
    if server.child is None:
        control.stop()
        server.start()
    control.fail(call, first, times, error)
    try:
        with Peers(server.port, control, times != 1) as peers:
            scenario.play(peers, server)
    except Ended:
        pass
    failed = control.failed > 0
    if call != "allocate":
        control.stop()  # a loop that cannot wait cannot end
    if scenario.anew:
        # What it would have said at its end may not have been possible.
        server.stop((0,) if times == 1 else (0, 1), is_stopping=True)
        control.stop()
    else:
        control.stop()
        server.expect_served()
        server.wait_for_rest(server.at_rest)
    return failed


def finish(server):
    """What the runs have left behind."""
    try:
        leaked = server.control.blocks - server.blocks
        server.stop()
        if leaked > BLOCKS_MAX:
            raise Violation(f"{leaked} blocks more than at the beginning")
    finally:
        server.kill()
