#include "drawing.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace framewire {
namespace {

constexpr double width = 720;
constexpr double height = 300;
constexpr double left = 96;
constexpr double right = 16;
constexpr double top = 12;
constexpr double bottom = 50;

double across(double part) { return left + part * (width - left - right); }
double up(double part) { return height - bottom - part * (height - top - bottom); }

std::string polyline(std::string_view name, const std::vector<point>& points) {
    auto text = fmt::format(R"(<polyline class="{}" points=")", name);
    for (const auto& one : points) text += fmt::format("{:.1f},{:.1f} ", across(one.x), up(one.y));
    return text + "\"/>\n";
}

}  // namespace

std::string escape_html(std::string_view text) {
    std::string out;
    for (const char one : text) {
        switch (one) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += one;
        }
    }
    return out;
}

double axis::part(double value) const {
    const auto part = logarithmic ? std::log10(value / low) / std::log10(high / low)
                                  : (value - low) / (high - low);
    return std::max(part, 0.0);
}

axis powers_of_ten(double smallest, double largest) {
    const auto begin = std::pow(10, std::floor(std::log10(smallest)));
    const auto end = std::pow(10, std::ceil(std::log10(largest)));
    return {begin, std::max(end, begin * 10), true};
}

double round_step(double range, double count) {
    const auto rough = std::max(range / count, 1e-9);
    const auto power = std::pow(10, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (rough <= power * factor) return power * factor;
    }
    return power * 10;
}

std::string grid_line(double part, std::string_view label) {
    return fmt::format(
        "<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
        "<text class=\"y\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
        left, width - right, up(part), up(part), left - 8, up(part) + 4, escape_html(label));
}

std::string mark(double part, std::string_view label) {
    // At the right border there is space on one side only.
    const bool last = part > 0.97;
    return fmt::format(
        "<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>"
        "<text class=\"{5}\" x=\"{6:.1f}\" y=\"{3:.1f}\">{4}</text>\n",
        across(part), up(0), up(1), up(0) + 20, escape_html(label), last ? "x last" : "x",
        across(part) + (last ? right : 0));
}

std::string title_of_x(std::string_view words) {
    return fmt::format("<text class=\"x\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", across(0.5),
                       height - 4, words);
}

std::string spot(std::string_view name, const point& at) {
    return fmt::format(
        "<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" data-words=\"{}\">"
        "<title>{}</title></circle>\n",
        name, across(at.x), up(at.y), escape_html(at.words), escape_html(at.words));
}

std::string curve(std::string_view name, const std::vector<point>& points) {
    auto text = polyline(name, points);
    for (const auto& one : points) text += spot(name, one);
    return text;
}

std::string steps(std::string_view name, const std::vector<point>& points,
                  const std::vector<double>& widths) {
    std::vector<point> corners;
    for (std::size_t i = 0; i < points.size(); ++i) {
        corners.push_back({points[i].x - widths[i], points[i].y, ""});
        corners.push_back({points[i].x, points[i].y, ""});
    }
    auto text = polyline(name, corners);
    for (std::size_t i = 0; i < points.size(); ++i) {
        text += spot(name, {points[i].x - widths[i] / 2, points[i].y, points[i].words});
    }
    return text;
}

std::string bars(const std::vector<point>& tops) {
    constexpr double gap = 2;
    std::string text;
    const auto each = 1 / static_cast<double>(tops.size());
    for (const auto& one : tops) {
        text += fmt::format(
            "<rect class=\"bar\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n",
            across(one.x) + gap / 2, up(one.y), across(each) - across(0) - gap, up(0) - up(one.y));
        text += spot("first", {one.x + each / 2, one.y, one.words});
    }
    return text;
}

std::string draw(const figure& of) {
    return fmt::format(
        "<figure>\n<figcaption><h2>{1}</h2>{4}</figcaption>\n"
        "<svg id=\"{0}\" viewBox=\"0 0 {5:.0f} {6:.0f}\" role=\"img\" "
        "aria-labelledby=\"{0}-title {0}-summary\">\n<title id=\"{0}-title\">{1}</title>\n"
        "<desc id=\"{0}-summary\">{2}</desc>\n{3}</svg>\n"
        "<p class=\"readout\" aria-live=\"polite\">&nbsp;</p>\n</figure>\n",
        of.id, escape_html(of.title), escape_html(of.summary), of.inside, of.legend, width,
        height);
}

}  // namespace framewire
