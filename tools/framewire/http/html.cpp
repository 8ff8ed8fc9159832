#include "html.hpp"

#include <fmt/format.h>

namespace framewire {

std::string html_head(std::string_view title, std::string_view policy) {
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<link rel=\"icon\" href=\"data:,\">\n<title>{}</title>\n",
        policy, title);
}

std::string html_element(std::string_view name, std::string_view content) {
    return fmt::format("<{0}>{1}</{0}>\n", name, content);
}

// Without `<`, which could end the element, or begin another.
std::string html_data(std::string_view id, const json_value& data) {
    std::string text;
    for (const char one : data.dump()) {
        if (one == '<') {
            text += "\\u003c";
        } else {
            text += one;
        }
    }
    return fmt::format("<script type=\"application/json\" id=\"{}\">{}</script>\n", id, text);
}

}  // namespace framewire
