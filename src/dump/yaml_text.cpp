#include "base64.hpp"
#include "dump_time.hpp"
#include "forms.hpp"

#include <algorithm>

namespace framewire {
namespace {

constexpr std::string_view binary = "!!binary |";

bool has_key(std::string_view text, std::string_view key) {
    return text.starts_with(key) || (text.starts_with("- ") && text.substr(2).starts_with(key));
}

std::string_view value_after(std::string_view text, std::string_view key) {
    return trim(text.substr(text.find(key) + key.size()));
}

class yaml_reader {
public:
    result<dump> read(const std::vector<text_line>& lines) {
        for (std::size_t at = 0; at < lines.size(); ++at) {
            const auto text = trim(lines[at].text);
            if (has_key(text, "packet: ")) next_ = {};
            if (has_key(text, "peer: ")) set_side(value_after(text, "peer: "));
            if (has_key(text, "timestamp: ")) {
                const auto time = read_time(value_after(text, "timestamp: "));
                if (time) next_.time = time->value;
            }
            if (!text.ends_with(binary)) continue;
            // Before version 4: `peer1_0: !!binary |`
            if (text.starts_with("peer")) set_side(text.substr(4));
            const auto end = end_of_block(lines, at);
            const std::vector<text_line> block(lines.begin() + static_cast<std::ptrdiff_t>(at + 1),
                                               lines.begin() + static_cast<std::ptrdiff_t>(end));
            if (const auto done = append_base64(block, next_.data); !done) {
                return tl::unexpected(done.error());
            }
            if (!next_.data.empty()) found_.pieces.push_back(std::exchange(next_, {}));
            at = end - 1;
        }
        return std::move(found_);
    }

private:
    void set_side(std::string_view number) {
        next_.from = number.starts_with('1') ? stream_side::server : stream_side::client;
    }

    static std::size_t end_of_block(const std::vector<text_line>& lines, std::size_t at) {
        const auto indentation = lines[at].begin();
        std::size_t end = at + 1;
        while (end < lines.size() && lines[end].begin() > indentation) ++end;
        return end;
    }

    dump found_{.form = "YAML of Wireshark"};
    dump_piece next_;
};

}  // namespace

bool is_yaml(const pasted_text& text) {
    const auto first = trim(text.content.front().text);
    return first == "peers:" || first == "packets:" ||
           (first.starts_with("peer") && first.ends_with(binary));
}

result<dump> read_yaml(const pasted_text& text, const dump_options& /*options*/) {
    return yaml_reader().read(text.content);
}

}  // namespace framewire
