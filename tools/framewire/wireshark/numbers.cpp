#include "lua.hpp"

namespace framewire::lua {

const std::string_view digits_number = R"lua(
-- width, base, trailing_spaces, leading_spaces, zero

local function read_number(here, limit)
    local value, digits, spaces = zero, 0, 0
    for index = 0, width - 1 do
        local byte = here:next()
        local digit = tonumber(string.char(byte), base)
        if byte == 0x20 and (trailing_spaces and digits > 0
                             or leading_spaces and digits == 0 and index < width - 1) then
            spaces = spaces + 1
        else
            local is_padded = trailing_spaces or leading_spaces
            local leading_zero = is_padded and digits > 0 and value == zero
            if not digit or leading_zero or trailing_spaces and spaces > 0 then
                here:wrong(no_number(byte, index))
            end
            digits = digits + 1
            if limit < digit or value > (limit - digit) / base then here:too_large() end
            value = value * base + digit
        end
    end
    return value
end
)lua";

const std::string_view bcd_number = R"lua(
-- width, zero

local function read_number(here, limit)
    local value = zero
    for _ = 1, width do
        local byte = here:next()
        local high, low = math.floor(byte / 16), byte % 16
        if high > 9 or low > 9 then here:wrong("frame.length_syntax") end
        for _, digit in ipairs({high, low}) do
            if limit < digit or value > (limit - digit) / 10 then here:too_large() end
            value = value * 10 + digit
        end
    end
    return value
end
)lua";

const std::string_view decimal_number = R"lua(
-- terminator, zero

local function read_number(here, limit)
    local value, index = zero, 0
    while true do
        local byte = here:next()
        if byte == terminator:byte() and index > 0 then break end
        if not is_digit(byte) then here:wrong(no_number(byte, index)) end
        if index == 10 or (index > 0 and value == zero) then here:wrong("frame.length_syntax") end
        value = value * 10 + (byte - 0x30)
        if value > limit then here:too_large() end
        index = index + 1
    end
    here:expect_all(terminator:sub(2), "frame.length_syntax")
    return value
end
)lua";

const std::string_view binary_number = R"lua(
-- width, little_endian, zero

local function read_number(here)
    local field, value = here:take(width), zero
    for index = 1, width do
        value = value * 256 + field:byte(little_endian and width + 1 - index or index)
    end
    return value
end
)lua";

const std::string_view varint_number = R"lua(
-- width, any_form, zero

local function read_number(here, limit)
    local value, unit = zero, zero + 1
    for index = 0, width - 1 do
        local byte = here:next()
        local is_last = byte < 0x80
        if (byte == 0 and index > 0 and not any_form) or (index == width - 1 and not is_last) then
            here:wrong("frame.length_syntax")
        end
        -- The tenth byte has space for one more bit.
        if index == 9 and byte > 1 then here:too_large() end
        value = value + unit * (byte % 0x80)
        if value > limit then here:too_large() end
        if is_last then return value end
        unit = unit * 0x80
    end
end
)lua";

}  // namespace framewire::lua
