#pragma once

#include "scratch_path.hpp"

#include <string>

namespace framewire::tests {

/// Where a store may be made: its file and those beside it are removed before and after.
class store_path {
public:
    explicit store_path(const std::string& name)
        : file_(name), mark_(name + "-mark"), log_(name + "-wal"), readers_(name + "-readers") {}

    [[nodiscard]] const std::string& text() const noexcept { return file_.text(); }
    [[nodiscard]] const std::string& mark() const noexcept { return mark_.text(); }

private:
    scratch_path file_;
    scratch_path mark_;
    scratch_path log_;
    scratch_path readers_;
};

}  // namespace framewire::tests
