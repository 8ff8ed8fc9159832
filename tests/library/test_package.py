"""Makes the Debian packages and uses them as Debian does: lintian reads them, and dpkg installs and
removes them in a root of their own, which has what they depend on and nothing else."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["FRAMEWIRE_BUILD"])
COMMANDS = ["serve", "connect", "send", "receive", "trace", "replay", "bench",
            "protocols", "framings"]


def run(*command, **options):
    words = [str(word) for word in command]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          **options)
    if done.returncode != 0:
        raise AssertionError(f"{words}: status {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def field(package, name):
    return run("dpkg-deb", "--field", package, name).strip()


def names_in(dependencies):
    return [re.match(r"[a-z0-9.+-]+", one.strip())[0]
            for one in dependencies.split(",") if one.strip()]


def with_their_own(names):
    """These packages of this system, and all that they depend on."""
    found, open_ones = {}, list(names)
    while open_ones:
        name = open_ones.pop()
        if name in found:
            continue
        said = subprocess.run(["dpkg-query", "-W", "-f", "${Pre-Depends}, ${Depends}", name],
                              capture_output=True, text=True)
        if said.returncode == 0:  # else it is a virtual one
            found[name] = said.stdout
            open_ones += names_in(said.stdout)
    return sorted(found)


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("dpkg-deb"):
            raise unittest.SkipTest("this is no Debian")
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        run("cpack", "--config", BUILD / "CPackConfig.cmake", "-B", cls.folder,
            "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip")
        cls.command, cls.library = (next(cls.folder.glob(f"{name}_*.deb"))
                                    for name in ("framewire", "libframewire-dev"))

    def test_lintian_finds_no_error(self):
        """Its checks of archives take half a minute: `./run package` has them made, too."""
        if not shutil.which("lintian"):
            self.skipTest("there is no lintian")
        tree = self.folder / "without_archives"
        run("dpkg-deb", "--raw-extract", self.library, tree)
        sums = tree / "DEBIAN/md5sums"
        sums.write_text("".join(line for line in sums.read_text().splitlines(keepends=True)
                                if not line.endswith(".a\n")))
        for archive in tree.rglob("*.a"):
            archive.unlink()
        library = self.folder / "library.deb"
        run("dpkg-deb", "--root-owner-group", "--build", tree, library)
        run("lintian", "--fail-on", "error", "--no-tag-display-limit", self.command, library)

    def test_what_is_in_them(self):
        command = run("dpkg-deb", "--contents", self.command)
        self.assertRegex(command, r"\./usr/bin/framewire\n")
        for name in ["", *(f"-{one}" for one in COMMANDS)]:
            self.assertIn(f"./usr/share/man/man1/framewire{name}.1.gz\n", command)
        for completion in ("bash-completion/completions/framewire",
                           "zsh/vendor-completions/_framewire",
                           "fish/vendor_completions.d/framewire.fish"):
            self.assertIn(f"./usr/share/{completion}\n", command)
        for unit in ("systemd/system/framewire@.service", "systemd/system/framewire@.socket",
                     "sysusers.d/framewire.conf"):
            self.assertIn(f"./usr/lib/{unit}\n", command)
        self.assertNotIn("include", command)
        library = run("dpkg-deb", "--contents", self.library)
        for name in ("include/framewire/framewire.hpp", "lib/libframewire_net.a",
                     "lib/cmake/framewire/framewire-config.cmake", "lib/pkgconfig/framewire.pc"):
            self.assertIn(f"./usr/{name}\n", library)
        self.assertNotIn("/bin/", library)

    def root_with(self, packages):
        """A system that has these packages, as dpkg sees it, and their files."""
        root = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        for folder in ("usr/lib", "usr/lib64", "usr/bin", "usr/sbin", "dev", "tmp",
                       "var/lib/dpkg/info", "var/lib/dpkg/updates"):
            (root / folder).mkdir(parents=True)
        for folder in ("lib", "lib64", "bin", "sbin"):
            (root / folder).symlink_to(f"usr/{folder}")
        (root / "var/lib/dpkg/status").write_text(run("dpkg-query", "--status", *packages))
        for path in sorted(set(run("dpkg-query", "--listfiles", *packages).split("\n"))):
            source = pathlib.Path(path)
            if path.startswith("/") and (source.is_symlink() or source.is_file()):
                target = root / path[1:]
                target.parent.mkdir(parents=True, exist_ok=True)
                if not target.exists() and not target.is_symlink():
                    shutil.copy(source, target, follow_symlinks=False)
        return root

    def test_installed_used_and_removed(self):
        needs = names_in(field(self.command, "Depends") + ", " + field(self.library, "Depends"))
        root = self.root_with(with_their_own(needs))

        def files():
            return {path for folder in ("bin", "include", "lib/cmake", "share/doc/framewire",
                                        "share/doc/libframewire-dev", "share/man/man1")
                    for path in (root / "usr" / folder).rglob("*framewire*")}

        before = files()
        dpkg = ["dpkg", "--root", root, "--force-not-root", "--force-script-chrootless",
                "--log", "/dev/null"]
        environment = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")
        run(*dpkg, "--install", self.command, self.library, env=environment)
        self.assertGreater(len(files()), len(before) + 10)
        self.use(root)
        root.chmod(0o755)
        run(*dpkg, "--purge", "framewire", "libframewire-dev", env=environment)
        self.assertEqual(files(), before)

    def use(self, root):
        """The command sees nothing but this root, in which it may write nothing, and no /proc."""
        root.chmod(0o555)
        inside = ["chroot", root, "/usr/bin/framewire"]
        if os.getuid() != 0:
            inside = ["unshare", "--map-root-user", *inside]
        else:
            inside[1:1] = ["--userspec", "65534:65534"]  # nobody
        self.assertIn("0.1", run(*inside, "--version"))
        self.assertIn('= frame "Hello" at 0', run(*inside, "trace", "walkthrough", "Hello"))
        with subprocess.Popen([*map(str, inside), "serve", "walkthrough", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, text=True) as server:
            try:
                where = re.search(r"[0-9.]+:\d+", server.stdout.readline())[0]
                self.assertEqual(run(*inside, "send", "walkthrough", where, "Hello"), "Hello\n")
            finally:
                server.terminate()


if __name__ == "__main__":
    unittest.main()
