#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// Text for HTML, safe in elements and in quoted attributes.
[[nodiscard]] std::string escape_html(std::string_view text);

/// An axis of a diagram: where between 0 and 1 a value is.
struct axis {
    double low = 0;
    double high = 1;
    bool logarithmic = false;

    [[nodiscard]] double part(double value) const;
};

/// Whole powers of ten that contain both, which are positive.
[[nodiscard]] axis powers_of_ten(double smallest, double largest);
/// 1, 2 or 5 times a power of ten, so that about `count` steps cover `range`.
[[nodiscard]] double round_step(double range, double count);

/// A point of a diagram, and what it says. Parts of the axes, from 0 to 1.
struct point {
    double x = 0;
    double y = 0;
    std::string words;
};

/// A horizontal line with a label on the left, at a part of the height.
[[nodiscard]] std::string grid_line(double part, std::string_view label);
/// A vertical line with a label below, at a part of the width.
[[nodiscard]] std::string mark(double part, std::string_view label);
/// The words below the labels of the horizontal axis.
[[nodiscard]] std::string title_of_x(std::string_view words);
/// A line through the points, and a spot for each with its words; `name` is its style.
[[nodiscard]] std::string curve(std::string_view name, const std::vector<point>& points);
/// The same, but each point is a step that is so wide, and ends at its `x`.
[[nodiscard]] std::string steps(std::string_view name, const std::vector<point>& points,
                                const std::vector<double>& widths);
/// A spot with its words, without a line.
[[nodiscard]] std::string spot(std::string_view name, const point& at);
/// Bars that touch each other and share the width.
[[nodiscard]] std::string bars(const std::vector<point>& tops);

/// A diagram: its drawing between title, legend and a line for the words of a point.
struct figure {
    std::string_view id;
    std::string_view title;
    std::string summary;  // for those who do not see it
    std::string inside;
    std::string legend;
};
[[nodiscard]] std::string draw(const figure& of);

}  // namespace framewire
