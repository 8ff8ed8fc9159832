// Has nothing of its own: see tests/CMakeLists.txt.
