"""Uses the library as other projects do: installed and found by CMake, installed and found by
pkg-config, and as a folder of their own tree."""

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
    std::printf("%s %s\\n", out.c_str(), client ? "?" : client.error().message.c_str());
}
"""
EXPECTED = "0000000005Hello cannot connect to 127.0.0.1:1: connection refused\n"
PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(consumer LANGUAGES CXX)
{find}
add_executable(consumer consumer.cpp)
target_link_libraries(consumer framewire::framewire)
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

    def build_with_cmake(self, find, *options):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        (folder / "consumer.cpp").write_text(PROGRAM)
        (folder / "CMakeLists.txt").write_text(PROJECT.format(find=find))
        run("cmake", "-G", "Ninja", "-S", folder, "-B", folder / "build",
            f"-DCMAKE_CXX_COMPILER={COMPILER}", f"-DCMAKE_CXX_FLAGS={FLAGS}", *options)
        run("cmake", "--build", folder / "build", "--target", "consumer")
        return run(folder / "build" / "consumer")

    def test_find_package(self):
        said = self.build_with_cmake("find_package(framewire 0.1 REQUIRED)",
                                     f"-DCMAKE_PREFIX_PATH={self.prefix}")
        self.assertEqual(said, EXPECTED)

    def test_add_subdirectory(self):
        said = self.build_with_cmake(f'add_subdirectory("{SOURCE}" framewire)')
        self.assertEqual(said, EXPECTED)

    def test_pkg_config(self):
        source = self.folder / "consumer.cpp"
        source.write_text(PROGRAM)
        pc = next(self.prefix.rglob("framewire.pc")).parent
        flags = run("pkg-config", "--cflags", "--libs", f"--define-variable=prefix={self.prefix}",
                    "framewire", env={**os.environ, "PKG_CONFIG_PATH": str(pc)}).split()
        run(COMPILER, "-std=c++20", *FLAGS.split(), source, "-o", self.folder / "by_pc", *flags)
        self.assertEqual(run(self.folder / "by_pc"), EXPECTED)

    def test_installed_command_runs(self):
        self.assertIn("walkthrough", run(self.prefix / "bin" / "framewire", "protocols"))


if __name__ == "__main__":
    unittest.main()
