#include "lua.hpp"

namespace framewire::lua {

const std::string_view digits_header = R"lua(
-- width, trailing_spaces, zero, length_max, expected

local function read_header(bytes, start)
    local value, in_padding = zero, false
    for index = 0, width - 1 do
        local byte = bytes:byte(start + index)
        if not byte then return nil end
        local leading_zero = trailing_spaces and index > 0 and value == zero
        if trailing_spaces and byte == 0x20 and index > 0 then
            in_padding = true
        elseif not is_digit(byte) or in_padding or leading_zero then
            return misread(no_number(byte, index), bytes, start, index)
        else
            local digit = byte - 0x30
            if length_max < digit or value > (length_max - digit) / 10 then
                return too_large(bytes, start, index)
            end
            value = value * 10 + digit
        end
    end
    return width, value
end
)lua";

const std::string_view decimal_header = R"lua(
-- terminator, length_max, expected

local function read_header(bytes, start)
    local value, index = 0, 0
    while true do
        local byte = bytes:byte(start + index)
        if not byte then return nil end
        if byte == terminator and index > 0 then return index + 1, value end
        if not is_digit(byte) then
            return misread(no_number(byte, index), bytes, start, index)
        end
        if index == 10 or (index > 0 and value == 0) then
            return misread("frame.length_syntax", bytes, start, index)
        end
        value = value * 10 + byte - 0x30
        if value > length_max then return too_large(bytes, start, index) end
        index = index + 1
    end
end
)lua";

const std::string_view binary_header = R"lua(
-- width, little_endian, offset, lead, magic, adjust, largest, zero, length_max, expected

local function read_header(bytes, start)
    for index = 0, #magic - 1 do
        local byte = bytes:byte(start + index)
        if not byte then return nil end
        if byte ~= magic:byte(index + 1) then
            return misread("frame.syntax", bytes, start, index)
        end
    end
    local first, last = start + offset, start + offset + width - 1
    if #bytes < last then return nil end
    local value = zero
    for index = 0, width - 1 do
        value = value * 256 + bytes:byte(little_endian and last - index or first + index)
    end
    if adjust < 0 and value < -adjust then
        return misread("frame.length_syntax", bytes, start, offset)
    elseif adjust < 0 then
        value = value - -adjust
    elseif largest and value > largest - adjust then
        return too_large(bytes, start, offset + width - 1)
    else
        value = value + adjust
    end
    if lead > 0 then
        if largest and value > largest - lead then
            return misread("frame.length_syntax", bytes, start, offset)
        end
        value = value + lead
    end
    if value > length_max then return too_large(bytes, start, offset + width - 1) end
    return offset + width, value
end
)lua";

const std::string_view varint_header = R"lua(
-- zero, length_max, expected

local function read_header(bytes, start)
    local value, unit = zero, zero + 1
    for index = 0, 9 do
        local byte = bytes:byte(start + index)
        if not byte then return nil end
        local is_last = byte < 0x80
        if (byte == 0 and index > 0) or (index == 9 and not is_last) then
            return misread("frame.length_syntax", bytes, start, index)
        end
        -- The tenth byte has space for one more bit.
        if index == 9 and byte > 1 then return too_large(bytes, start, index) end
        value = value + unit * (byte % 0x80)
        if value > length_max then return too_large(bytes, start, index) end
        if is_last then return index + 1, value end
        unit = unit * 0x80
    end
end
)lua";

const std::string_view content_length_header = R"lua(
-- length_max, expected

local header_bytes_max = 4096

-- Each takes one byte of a header and returns the function for the next one, or the name of the
-- error. `header` keeps the results.
local read = {}

function read.line(header, byte)
    if byte == 0x0D then
        if not header.length then return "frame.length_syntax" end
        return read.last_line_feed
    end
    if not is_letter(byte) then return "frame.syntax" end
    header.name = string.char(byte)
    return read.name
end

function read.name(header, byte)
    if byte == 0x3A then
        header.is_length = header.name:lower() == "content-length"
        -- Two lengths, even equal ones, are how requests are smuggled.
        if header.is_length and header.length then return "frame.length_syntax" end
        return read.space
    end
    local char = string.char(byte)
    if not is_letter(byte) and not is_digit(byte) and not char:find("[!#$%%&'*+.^_`|~-]") then
        return "frame.syntax"
    end
    header.name = header.name .. char
    return read.name
end

function read.space(header, byte)
    if byte ~= 0x20 then return header.is_length and "frame.length_syntax" or "frame.syntax" end
    return header.is_length and read.number or read.value
end

function read.number(header, byte)
    local digits = header.digits or ""
    if byte == 0x0D and digits ~= "" then
        header.length = tonumber(digits)
        return read.line_feed
    end
    if not is_digit(byte) or digits == "0" or #digits == 10 then return "frame.length_syntax" end
    header.digits = digits .. string.char(byte)
    if tonumber(header.digits) > length_max then return "frame.too_large" end
    return read.number
end

function read.value(_, byte)
    if byte == 0x0D then return read.line_feed end
    if byte ~= 0x09 and (byte < 0x20 or byte == 0x7F) then return "frame.syntax" end
    return read.value
end

function read.line_feed(_, byte)
    return byte == 0x0A and read.line or "frame.syntax"
end

function read.last_line_feed(_, byte)
    return byte == 0x0A and "complete" or "frame.syntax"
end

local function read_header(bytes, start)
    local header, place = {}, read.line
    for index = 0, header_bytes_max do
        local byte = bytes:byte(start + index)
        if not byte then return nil end
        if index == header_bytes_max then return misread("frame.syntax", bytes, start, index) end
        place = place(header, byte)
        if place == "complete" then return index + 1, header.length end
        if place == "frame.too_large" then return too_large(bytes, start, index) end
        if type(place) == "string" then return misread(place, bytes, start, index) end
    end
end
)lua";

const std::string_view fixed_header = R"lua(
-- payload_size, length_max

local function read_header(bytes, start)
    if payload_size > length_max then return too_large(bytes, start, 0) end
    return 0, payload_size
end
)lua";

}  // namespace framewire::lua
