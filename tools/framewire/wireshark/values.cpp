#include "lua.hpp"

namespace framewire::lua {

const std::string_view value_frame = R"lua(
-- spaces (which may be between values), skips, payload_max

local function read_frame(bytes, start)
    return try(bytes, start, function(here, frame)
        here:pass_over(spaces)
        here.value_max = skips and math.huge or payload_max
        local needs_space = read_value(here)
        here:check_size()
        frame.payload = here.at - here.frame
        here.value_max = math.huge
        if needs_space then
            here:expect(spaces)
            frame.trailer = 1
        end
        frame.header, frame.skipped = here.frame - start, frame.payload > payload_max
    end)
end
)lua";

const std::string_view counted_text = R"lua(
-- A length in digits, up to one of these bytes.
local function read_decimal(here, ends, room, name)
    local value, digits = 0, 0
    while true do
        local byte = here:next()
        if digits > 0 and ends:find(string.char(byte), 1, true) then return value end
        if not is_digit(byte) or digits == 10 or (digits > 0 and value == 0) then
            here:wrong(name)
        end
        value, digits = value * 10 + byte - 0x30, digits + 1
        if value > room(here) then here:too_large() end
    end
end
)lua";

const std::string_view ber_value = R"lua(
-- Returns false for the end of contents whose length was not announced.
local function read_part(here, depth)
    local first = here:next()
    if first == 0 then
        if depth == 0 then here:wrong() end
        here:expect("\0", "frame.length_syntax")
        return false
    end
    if first % 32 == 31 then
        local tag, count = here:next(), 1
        if tag == 0x80 then here:wrong() end
        while tag >= 0x80 do
            tag, count = here:next(), count + 1
            if count == 4 and tag >= 0x80 then here:wrong() end
        end
    end
    local length = here:next()
    if length == 0x80 then
        if first % 64 < 32 or depth == 128 then here:wrong("frame.length_syntax") end
        repeat until not read_part(here, depth + 1)
        return true
    end
    if length > 0x88 then here:wrong("frame.length_syntax") end
    if length > 0x80 then
        local size = length - 0x80
        length = 0
        for _ = 1, size do length = length * 256 + here:next() end
    end
    here:require_room(length)
    if length > 2 ^ 62 then here:too_large() end
    here:pass(length)
    return true
end

local function read_value(here) read_part(here, 0) end
)lua";

const std::string_view json_value = R"lua(
-- spaces

local digits, hexadecimal = "0123456789", "0123456789abcdefABCDEF"

local function is_of(byte, set) return set:find(string.char(byte), 1, true) ~= nil end

local function next_of(here, allowed)
    while is_of(here:peek(), spaces) do here:next() end
    return here:expect(allowed)
end

local function read_string(here)
    while true do
        -- What is plain, as far as the value may be long.
        local stop = here.bytes:find('[%z\1-\31"\\]', here.at) or #here.bytes + 1
        here.at = math.max(here.at, math.min(stop, here.frame + here.value_max))
        local byte = here:next()
        if byte < 0x20 then here:wrong() end
        if byte == 0x22 then return end
        if byte == 0x5C and here:expect('"\\/bfnrtu') == 0x75 then
            for _ = 1, 4 do here:expect(hexadecimal) end
        end
    end
end

local function read_digits(here)
    while is_of(here:peek(), digits) do here:next() end
end

local function read_number(here, first)
    if first == 0x2D then first = here:expect(digits) end
    if first ~= 0x30 then read_digits(here) end
    if here:peek() == 0x2E then
        here:next()
        here:expect(digits)
        read_digits(here)
    end
    if is_of(here:peek(), "eE") then
        here:next()
        if is_of(here:expect(digits .. "+-"), "+-") then here:expect(digits) end
        read_digits(here)
    end
end

local read_any

local function read_container(here, first, depth)
    local is_object, ends = first == 0x7B, first == 0x7B and "}" or "]"
    local may_end = ends
    while true do
        if is_object then
            if next_of(here, '"' .. may_end) == 0x7D then return end
            read_string(here)
            next_of(here, ":")
        end
        while is_of(here:peek(), spaces) do here:next() end
        if read_any(here, depth, is_object and "" or may_end) == "end" then return end
        if next_of(here, "," .. ends) ~= 0x2C then return end
        may_end = ""
    end
end

-- What it was: a number is ended by what follows.
function read_any(here, depth, ends)
    local first = here:expect('{["tfn-0123456789' .. ends)
    if is_of(first, ends) then return "end" end
    if first == 0x7B or first == 0x5B then
        if depth == 128 then here:wrong() end
        read_container(here, first, depth + 1)
    elseif first == 0x22 then
        read_string(here)
    elseif first == 0x74 then
        here:expect_all("rue")
    elseif first == 0x66 then
        here:expect_all("alse")
    elseif first == 0x6E then
        here:expect_all("ull")
    else
        read_number(here, first)
        return "number"
    end
    return "value"
end

local function read_value(here) return read_any(here, 0, "") == "number" end
)lua";

const std::string_view resp_value = R"lua(
local function line_end(here)
    here:expect("\r")
    here:expect("\n")
end

local function room(here) return math.max(here.value_max - (here.at - here.frame), 0) end

-- How many values follow.
local function read_counted(here, kind, values)
    local count
    if (kind == "$" or kind == "*") and here:peek() == 0x2D then
        here:next()
        here:expect("1", "frame.length_syntax")
        here:expect("\r")
    else
        count = read_decimal(here, "\r", room, "frame.length_syntax")
    end
    here:expect("\n")
    if kind == "$" or kind == "!" or kind == "=" then
        if count then
            here:pass(count)
            line_end(here)
        end
        return 0
    end
    local is_pairs = kind == "%" or kind == "|"
    local more = (is_pairs and 2 or 1) * (count or 0) + (kind == "|" and 1 or 0)
    here:require_room(values + more)
    return more
end

local function read_value(here)
    local values = 1
    while values > 0 do
        values = values - 1
        local kind = string.char(here:expect("+-:$*_#,(!=%~>|"))
        if kind == "+" or kind == "-" then
            local byte
            repeat
                byte = here:next()
                if byte == 0x0A then here:wrong() end
            until byte == 0x0D
            here:expect("\n")
        elseif kind == ":" or kind == "(" or kind == "," then
            local digits = "0123456789" .. (kind == "," and "+-.eEinfa" or "")
            local sign = here:expect(digits .. "+-")
            if sign == 0x2B or sign == 0x2D then here:expect(digits) end
            repeat until here:expect(digits .. "\r") == 0x0D
            here:expect("\n")
        elseif kind == "_" then
            line_end(here)
        elseif kind == "#" then
            here:expect("tf")
            line_end(here)
        else
            values = values + read_counted(here, kind, values)
        end
    end
end
)lua";

const std::string_view msgpack_value = R"lua(
-- Of each first byte: how wide a size is after it, or how much follows it.
local data = {[0xC4] = 1, [0xC5] = 2, [0xC6] = 4, [0xD9] = 1, [0xDA] = 2, [0xDB] = 4}
local extension = {[0xC7] = 1, [0xC8] = 2, [0xC9] = 4}
local fixed = {[0xCA] = 4, [0xCB] = 8, [0xCC] = 1, [0xCD] = 2, [0xCE] = 4, [0xCF] = 8, [0xD0] = 1,
               [0xD1] = 2, [0xD2] = 4, [0xD3] = 8, [0xD4] = 2, [0xD5] = 3, [0xD6] = 5, [0xD7] = 9,
               [0xD8] = 17}
local array, map = {[0xDC] = 2, [0xDD] = 4}, {[0xDE] = 2, [0xDF] = 4}

local function read_size(here, width)
    local value = 0
    for _ = 1, width do value = value * 256 + here:next() end
    return value
end

-- How many values and bytes follow; nothing of a value that is one byte.
local function read_first(here, first)
    if first == 0xC1 then here:wrong() end
    if first >= 0x80 and first < 0x90 then return 2 * (first - 0x80), 0 end
    if first >= 0x90 and first < 0xA0 then return first - 0x90, 0 end
    if first >= 0xA0 and first < 0xC0 then return 0, first - 0xA0 end
    if fixed[first] then return 0, fixed[first] end
    if data[first] then return 0, read_size(here, data[first]) end
    if extension[first] then return 0, read_size(here, extension[first]) + 1 end
    if array[first] then return read_size(here, array[first]), 0 end
    if map[first] then return 2 * read_size(here, map[first]), 0 end
end

local function read_value(here)
    local values = 1
    while values > 0 do
        values = values - 1
        local more, size = read_first(here, here:next())
        if more then
            values = values + more
            here:require_room(values + size)
            here:pass(size)
        end
    end
end
)lua";

}  // namespace framewire::lua
