#include "config_file.hpp"

#include "file.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace framewire {
namespace {

constexpr std::uint64_t config_bytes_max = 1 * MiB;

std::size_t line_of(const toml::node& node) { return node.source().begin.line; }

class config_reader {
public:
    explicit config_reader(std::string path) : path_(std::move(path)) {}

    result<std::vector<config_setting>> run(const toml::table& all) {
        for (const auto& [key, node] : all) {
            const auto read = key.str() == "listen" ? read_listeners(node)
                                                    : read_setting(std::string(key.str()), node);
            if (!read) return tl::unexpected(read.error());
        }
        std::ranges::stable_sort(found_, {}, &config_setting::line);
        return found_;
    }

    [[nodiscard]] tl::unexpected<failure> refuse(std::size_t line, const std::string& words,
                                                 const std::string& hint = "") const {
        return tl::unexpected(failure{fmt::format("{}:{}: {}", path_, line, words), hint});
    }

private:
    result<void> read_setting(const std::string& name, const toml::node& node) {
        if (const auto* array = node.as_array(); array != nullptr) {
            for (const auto& one : *array) {
                if (auto read = read_value(name, one); !read) return read;
            }
            return {};
        }
        return read_value(name, node);
    }

    result<void> read_value(const std::string& name, const toml::node& node) {
        config_setting one{.name = name, .value = {}, .line = line_of(node)};
        if (const auto* text = node.as_string(); text != nullptr) {
            one.value = text->get();
        } else if (const auto* number = node.as_integer(); number != nullptr) {
            one.value = fmt::format("{}", number->get());
        } else if (const auto* real = node.as_floating_point(); real != nullptr) {
            one.value = fmt::format("{}", real->get());
        } else if (const auto* flag = node.as_boolean(); flag != nullptr) {
            one.value = flag->get() ? "true" : "false";
            one.is_boolean = true;
        } else {
            return refuse(one.line,
                          fmt::format("{}: expected a text, a number, true or false", name),
                          "the only tables are [[listen]]");
        }
        found_.push_back(std::move(one));
        return {};
    }

    result<void> read_listeners(const toml::node& node) {
        const auto* all = node.as_array();
        if (all == nullptr) return refuse(line_of(node), "listen: write [[listen]]");
        for (const auto& one : *all) {
            const auto* table = one.as_table();
            if (table == nullptr) return refuse(line_of(one), "listen: write [[listen]]");
            if (!table->contains("address")) {
                return refuse(line_of(one), "a [[listen]] needs an address");
            }
            for (const auto& [key, value] : *table) {
                if (key.str() != "address") {
                    return refuse(
                        line_of(value),
                        fmt::format("unknown setting '{}' of a [[listen]]", key.str()),
                        "it has an address; settings before the first [[listen]] are for "
                        "all of them");
                }
                if (auto read = read_setting("address", value); !read) return read;
            }
        }
        return {};
    }

    std::string path_;
    std::vector<config_setting> found_;
};

}  // namespace

result<std::vector<config_setting>> read_config_file(const std::string& path) {
    const auto text = read_file(path, config_bytes_max);
    if (!text) return tl::unexpected(text.error());
    config_reader reader(path);
    try {
        return reader.run(toml::parse(*text));
    } catch (const toml::parse_error& wrong) {
        return reader.refuse(wrong.source().begin.line, std::string(wrong.description()));
    }
}

}  // namespace framewire
