#include "screen_rows.hpp"

#include <cwchar>
#include <cwctype>

namespace framewire {
namespace {

constexpr std::size_t tab_width = 8;

// Control characters are shown as ^A, what cannot be printed as \U+200B.
std::size_t width_of(wchar_t character) noexcept {
    constexpr wchar_t one_byte_end = 0x100;
    constexpr wchar_t four_digits_max = 0xFFFF;
    if (character < one_byte_end && std::iswcntrl(static_cast<std::wint_t>(character)) != 0) {
        return 2;
    }
    if (std::iswprint(static_cast<std::wint_t>(character)) == 0) {
        return character > four_digits_max ? 8 : 7;
    }
    const int width = ::wcwidth(character);
    return width < 0 ? 0 : static_cast<std::size_t>(width);
}

class layout {
public:
    explicit layout(std::size_t columns) noexcept : columns_(columns < 2 ? 80 : columns) {}

    void add(wchar_t character) noexcept {
        if (character == L'\n') return next_row();
        if (character == L'\t') {
            put(1);
            while (column_ % tab_width != 0) put(1);
            return;
        }
        const auto width = width_of(character);
        // What is spelt out may be cut by the margin, a wide character is not.
        const bool is_spelt = std::iswprint(static_cast<std::wint_t>(character)) == 0;
        if (!is_spelt) return put(width);
        for (std::size_t at = 0; at < width; ++at) put(1);
    }
    [[nodiscard]] std::size_t row() const noexcept { return row_; }

private:
    void put(std::size_t width) noexcept {
        if (column_ + width > columns_) next_row();
        column_ += width;
        if (column_ >= columns_) next_row();
    }
    void next_row() noexcept {
        column_ = 0;
        ++row_;
    }

    std::size_t columns_;
    std::size_t column_ = 0;
    std::size_t row_ = 0;
};

}  // namespace

std::size_t rows_before_cursor(std::string_view prompt, std::wstring_view text,
                               std::size_t columns) noexcept {
    layout drawn(columns);
    for (const char character : prompt) drawn.add(static_cast<unsigned char>(character));
    for (const wchar_t character : text) drawn.add(character);
    return drawn.row();
}

}  // namespace framewire
