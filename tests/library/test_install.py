"""Uses the library as other projects do: installed and found by CMake, installed and found by
pkg-config, and as a folder of their own tree; each with and without Boost.Asio."""

import gzip
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["FRAMEWIRE_BUILD"])
SOURCE = pathlib.Path(os.environ["FRAMEWIRE_SOURCE"])
COMPILER = os.environ["FRAMEWIRE_CXX"]
FLAGS = os.environ["FRAMEWIRE_CXX_FLAGS"]
# Both uses of the library, without a server: prints a frame, and that nobody listens.
PROGRAM = """
#include <framewire/framewire.hpp>
#include <cstdio>
int main() {
    std::string out;
    (void)framewire::framing::parse("digits:10")->encode("Hello", out);
    auto client = framewire::client::connect("127.0.0.1:1", "digits:10");
    std::printf("%s %s\\n", out.c_str(), client ? "?" : client.error().message().c_str());
}
"""
EXPECTED = "0000000005Hello cannot connect to 127.0.0.1:1: connection refused\n"
COROUTINES = """
#include <framewire/asio/run.hpp>
#include <framewire/asio/stream.hpp>
#include <cstdio>
framewire::stream::awaitable<void> talk() {
    auto peer = co_await framewire::stream::connect("127.0.0.1:1", "digits:10");
    std::puts(peer ? "?" : peer.error().message().c_str());
}
int main() { framewire::run(talk()); }
"""
REFUSED = "cannot connect to 127.0.0.1:1: connection refused\n"
NO_BOOST = "-DCMAKE_DISABLE_FIND_PACKAGE_Boost=ON"
PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(consumer LANGUAGES CXX)
{find}
add_executable(consumer consumer.cpp)
target_link_libraries(consumer {library})
"""


def run(*command, **options):
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.prefix = cls.folder / "prefix"
        run("cmake", "--install", BUILD, "--prefix", cls.prefix)

    def configure(self, find, *options, program=PROGRAM, library="framewire::framewire"):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        (folder / "consumer.cpp").write_text(program)
        (folder / "CMakeLists.txt").write_text(PROJECT.format(find=find, library=library))
        run("cmake", "-G", "Ninja", "-S", folder, "-B", folder / "build",
            f"-DCMAKE_CXX_COMPILER={COMPILER}", f"-DCMAKE_CXX_FLAGS={FLAGS}",
            f"-DCMAKE_PREFIX_PATH={self.prefix}", *options)
        return folder / "build"

    def build(self, *words, **options):
        folder = self.configure(*words, **options)
        run("cmake", "--build", folder, "--target", "consumer")
        return folder

    def pkg_config(self, *words):
        folder = next(self.prefix.rglob("framewire.pc")).parent
        return run("pkg-config", *words,
                   env={**os.environ, "PKG_CONFIG_PATH": str(folder)}).split()

    def test_find_package(self):
        """Without Boost, even if it is there."""
        built = self.build("find_package(framewire 0.1 REQUIRED)", NO_BOOST)
        self.assertEqual(run(built / "consumer"), EXPECTED)

    def test_find_package_with_asio(self):
        """The program that CMake compiles is also linked as pkg-config says."""
        find = "find_package(framewire 0.1 REQUIRED COMPONENTS asio)"
        with self.assertRaisesRegex(AssertionError, "Boost"):
            self.configure(find, NO_BOOST)
        built = self.build(find, program=COROUTINES, library="framewire::asio")
        self.assertEqual(run(built / "consumer"), REFUSED)
        run(COMPILER, *FLAGS.split(), next(built.rglob("consumer.cpp.o")), "-o", built / "by_pc",
            *self.pkg_config("--libs", "framewire-asio"))
        self.assertEqual(run(built / "by_pc"), REFUSED)

    def test_find_package_with_what_there_is_not(self):
        with self.assertRaisesRegex(AssertionError, "no component 'nonsense'"):
            self.configure("find_package(framewire 0.1 REQUIRED COMPONENTS nonsense)")

    def test_add_subdirectory(self):
        """Builds no coroutines unless they are linked."""
        built = self.build(f'add_subdirectory("{SOURCE}" framewire)', "-DCMAKE_UNITY_BUILD=ON",
                           "-DCMAKE_UNITY_BUILD_BATCH_SIZE=0")
        self.assertEqual(run(built / "consumer"), EXPECTED)
        self.assertNotIn("asio", run("ninja", "-C", built, "-n"))

    def test_add_subdirectory_with_asio(self):
        built = self.configure(f'add_subdirectory("{SOURCE}" framewire)', program=COROUTINES,
                               library="framewire::asio")
        self.assertIn("libframewire_asio.a", run("ninja", "-C", built, "-n", "consumer"))

    def test_pkg_config(self):
        flags = self.pkg_config("--cflags", "--libs", "framewire")
        self.assertNotIn("-lframewire_asio", flags)
        source = self.folder / "consumer.cpp"
        source.write_text(PROGRAM)
        run(COMPILER, "-std=c++20", *FLAGS.split(), source, "-o", self.folder / "by_pc", *flags)
        self.assertEqual(run(self.folder / "by_pc"), EXPECTED)

    def test_manual_and_completions_are_installed(self):
        share = self.prefix / "share"
        for page in ("framewire.1", "framewire-serve.1"):
            packed = (share / "man/man1" / f"{page}.gz").read_bytes()
            self.assertIn(b"serve", gzip.decompress(packed))
        for path in ("bash-completion/completions/framewire", "zsh/site-functions/_framewire",
                     "fish/vendor_completions.d/framewire.fish"):
            self.assertIn("serve", (share / path).read_text())

    def test_installed_command_runs(self):
        self.assertIn("walkthrough", run(self.prefix / "bin" / "framewire", "protocols"))


if __name__ == "__main__":
    unittest.main()
