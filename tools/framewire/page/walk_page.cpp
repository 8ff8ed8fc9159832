#include "walk_page.hpp"

#include "http/html.hpp"
#include "walk_page_files.hpp"

#include <fmt/format.h>
#include <string_view>

namespace framewire {
namespace {

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
    return html_head("framewire trace", walk_page_policy(served)) +
           html_element("style", walk_css) + "</head>\n<body>\n" + body(served) +
           html_data("data", data) + html_element("script", walk_model_js) +
           html_element("script", walk_view_js) + html_element("script", walk_player_js) +
           html_element("script", walk_form_js) + "</body>\n</html>\n";
}

}  // namespace framewire
