#include "walk_page.hpp"

#include "walk_page_files.hpp"

#include <fmt/format.h>
#include <string_view>

namespace framewire {
namespace {

// JSON without `<`, which could end the element that contains it, or begin another.
std::string embedded_json(const json_value& data) {
    std::string text;
    for (const char one : data.dump()) {
        if (one == '<') {
            text += "\\u003c";
        } else {
            text += one;
        }
    }
    return text;
}

std::string element(std::string_view name, std::string_view content) {
    return fmt::format("<{0}>{1}</{0}>\n", name, content);
}

std::string body(bool served) {
    constexpr std::string_view place = "<!-- form -->\n";
    const auto at = walk_html.find(place);
    return fmt::format("{}{}{}", walk_html.substr(0, at), served ? walk_form_html : "",
                       walk_html.substr(at + place.size()));
}

}  // namespace

std::string walk_page_policy(bool served) {
    return fmt::format(
        "default-src 'none'; style-src {}; script-src {} {} {} {}; img-src data:; "
        "connect-src {}; base-uri 'none'; form-action 'none'",
        walk_css_hash, walk_model_js_hash, walk_view_js_hash, walk_player_js_hash,
        walk_form_js_hash, served ? "'self'" : "'none'");
}

std::string walk_page(const json_value& data) {
    const bool served = data.find("form") != nullptr;
    return fmt::format(
               "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"color-scheme\" content=\"light dark\">\n"
               "<link rel=\"icon\" href=\"data:,\">\n<title>framewire trace</title>\n",
               walk_page_policy(served)) +
           element("style", walk_css) + "</head>\n<body>\n" + body(served) +
           R"(<script type="application/json" id="data">)" + embedded_json(data) + "</script>\n" +
           element("script", walk_model_js) + element("script", walk_view_js) +
           element("script", walk_player_js) + element("script", walk_form_js) +
           "</body>\n</html>\n";
}

}  // namespace framewire
