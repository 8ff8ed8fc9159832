#include "live_page.hpp"

#include "http/html.hpp"
#include "live_page_files.hpp"

#include <fmt/format.h>

namespace framewire {

std::string live_page_policy(bool is_live) {
    return fmt::format(
        "default-src 'none'; style-src {}; script-src {}; img-src data:; connect-src {}; "
        "base-uri 'none'; form-action 'none'",
        live_css_hash, live_js_hash, is_live ? "'self'" : "'none'");
}

std::string live_page(const json_value& data) {
    const auto* const live = data.find("live");
    return html_head("framewire proxy", live_page_policy(live != nullptr && live->is_true())) +
           html_element("style", live_css) + "</head>\n<body>\n" + std::string(live_html) +
           html_data("data", data) + html_element("script", live_js) + "</body>\n</html>\n";
}

}  // namespace framewire
