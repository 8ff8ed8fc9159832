"""Real programs whose frames are values that end themselves, through a relay that decodes and
encodes every frame.
"""
import unittest

from foreign_peers import needed
from programs import HOST
from real_programs import RealTest

SLAPD = """
include /etc/ldap/schema/core.schema
pidfile {folder}/pid
database ldif
suffix dc=example
rootdn cn=admin,dc=example
rootpw secret
directory {folder}
"""
ENTRIES = """dn: dc=example
objectClass: dcObject
objectClass: organization
dc: example
o: example

""" + "".join(f"""dn: cn=number {number},dc=example
objectClass: applicationProcess
cn: number {number}
description: {'text ' * 100}

""" for number in range(20))


class Redis(RealTest):

    def test_commands(self):
        """redis-cli, with both versions of the protocol: every kind of reply, and a megabyte."""
        cli, program, folder = needed("redis-cli"), needed("redis-server"), self.folder()
        server = self.serve_real(lambda port: [
            program, "--port", str(port), "--bind", HOST, "--save", "", "--dir", folder])
        commands = ["SET a 1", "GET a", "GET none", "INCR a", "INCR", "HSET h x 1 y 2", "HGETALL h",
                    "LRANGE none 0 -1", "EVAL 'return {1, {2, {3, \"four\"}}, false}' 0",
                    f"SET large {'x' * 1_000_000}", "GET large", "ECHO \"\\r\\n$3\\r\\n\"",
                    "MULTI", "GET a", "EXEC", "ZADD z 1.5 m", "ZSCORE z m", "COMMAND DOCS get"]
        for version in ("-2", "-3"):
            relay = self.relay_frames("redis", server)
            printed = self.ask(cli, "-h", HOST, "-p", relay.port, version,
                               typed="\n".join(commands) + "\n")
            self.assertIn("x" * 1_000_000, printed)
            self.assertIn("1.5", printed)
            self.assert_frames(relay, len(commands), len(commands))


class Ldap(RealTest):

    def test_entries(self):
        """slapd and its clients: entries are added, found and deleted."""
        slapd, folder = needed("slapd"), self.folder()

        def command(port):
            (folder / "conf").write_text(SLAPD.format(folder=folder))
            return [slapd, "-d", "0", "-h", f"ldap://{HOST}:{port}", "-f", folder / "conf"]
        server = self.serve_real(command)
        relay = self.relay_frames("ldap", server)
        common = ["-H", f"ldap://{HOST}:{relay.port}", "-x", "-D", "cn=admin,dc=example",
                  "-w", "secret"]
        self.ask(needed("ldapadd"), *common, typed=ENTRIES)
        found = self.ask(needed("ldapsearch"), *common, "-LLL", "-b", "dc=example", "cn=number*")
        self.assertEqual(20, found.count("objectClass: applicationProcess"))
        self.ask(needed("ldapdelete"), *common, "cn=number 7,dc=example")
        self.assert_frames(relay, 21 + 4 + 4, 21 + 23, connections=3)


class Snmp(RealTest):

    def test_values_over_tcp(self):
        snmpd, walk, folder = needed("snmpd"), needed("snmpbulkwalk"), self.folder()
        (folder / "conf").write_text("rocommunity public\nsysName here\n")
        server = self.serve_real(lambda port: [
            snmpd, "-f", "-C", "-c", folder / "conf", "-Lo", "-p", folder / "pid",
            f"tcp:{HOST}:{port}"])
        relay = self.relay_frames("snmp", server)
        printed = self.ask(walk, "-v2c", "-c", "public", "-On", f"tcp:{HOST}:{relay.port}",
                           "1.3.6.1.2.1.1", SNMP_PERSISTENT_DIR=str(folder))
        self.assertIn('.1.3.6.1.2.1.1.5.0 = STRING: "here"', printed)
        self.assert_frames(relay, 2, 2)


if __name__ == "__main__":
    unittest.main()
