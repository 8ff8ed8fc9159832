#include "lua.hpp"

namespace framewire::lua {

const std::string_view texts = R"lua(
-- payload_max

local function is_digit(byte) return byte >= 0x30 and byte <= 0x39 end

local function is_letter(byte)
    return (byte >= 0x41 and byte <= 0x5A) or (byte >= 0x61 and byte <= 0x7A)
end

-- How many bytes follow this one in UTF-8, and the range of the first of them.
local function follow(byte)
    if byte < 0x80 then return 0 end
    if byte < 0xC2 or byte > 0xF4 then return nil end
    if byte < 0xE0 then return 1, 0x80, 0xBF end
    if byte < 0xF0 then return 2, byte == 0xE0 and 0xA0 or 0x80, byte == 0xED and 0x9F or 0xBF end
    return 3, byte == 0xF0 and 0x90 or 0x80, byte == 0xF4 and 0x8F or 0xBF
end

-- The size of a character or its beginning, and whether it is whole, cut or wrong.
local function character(bytes, at)
    local count, low, high = follow(bytes:byte(at))
    if not count then return 0, "wrong" end
    for index = 1, count do
        local byte = bytes:byte(at + index)
        if not byte then return index, "cut" end
        if byte < low or byte > high then return index, "wrong" end
        low, high = 0x80, 0xBF
    end
    return count + 1, "whole"
end

-- Continues counting after `count` characters that end before `at`, up to a maximum. Returns the
-- count, the end of the last character, whether the next is cut or wrong, and where that shows.
local function count_characters(bytes, count, at, count_max)
    while count < count_max and at <= #bytes do
        if bytes:byte(at) < 0x80 then
            local few = bytes:sub(at, at + math.min(count_max - count, 256) - 1)
            local ascii = #few:match("^[\0-\127]*")
            count, at = count + ascii, at + ascii
        else
            local size, state = character(bytes, at)
            if state ~= "whole" then return count, at, state, at + size end
            count, at = count + 1, at + size
        end
    end
    return count, at, "whole", at
end

local escapes = {["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ['"'] = '\\"', ["\\"] = "\\\\"}

local function escaped(char)
    return escapes[char] or string.format("\\x%02x", char:byte())
end

-- What is not seen but reverses, hides or breaks text; core/quote.cpp has the same.
local invisible = {
    {0x80, 0x9F}, {0xAD, 0xAD}, {0x600, 0x605}, {0x61C, 0x61C}, {0x6DD, 0x6DD}, {0x70F, 0x70F},
    {0x890, 0x891}, {0x8E2, 0x8E2}, {0x180E, 0x180E}, {0x200B, 0x200F}, {0x2028, 0x202E},
    {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0x110BD, 0x110BD}, {0x110CD, 0x110CD},
    {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
}

local function is_visible(bytes, at, size)
    local code = bytes:byte(at) % 2 ^ (7 - size)
    for index = at + 1, at + size - 1 do code = code * 64 + bytes:byte(index) % 64 end
    for _, range in ipairs(invisible) do
        if code <= range[2] then return code < range[1] end
    end
    return true
end

-- The first bytes in quotes, escaped to be printable.
local function quote(bytes, size_max)
    local parts, at = {}, 1
    while at <= math.min(#bytes, size_max) do
        local size, state = character(bytes, at)
        if state == "whole" and size > 1 and is_visible(bytes, at, size) then
            parts[#parts + 1] = bytes:sub(at, at + size - 1)
        else
            size = 1
            parts[#parts + 1] = bytes:sub(at, at):gsub('[%c"\\\127-\255]', escaped)
        end
        at = at + size
    end
    return '"' .. table.concat(parts) .. (at > #bytes and '"' or '"...')
end

-- Signs and spaces are common mistakes in lengths; letters and control bytes begin other
-- protocols.
local function no_number(byte, index)
    local control = byte < 0x09 or (byte > 0x0D and byte < 0x20) or byte == 0x7F
    local nonsense = is_letter(byte) or control or byte >= 0xF8
    return index == 0 and nonsense and "frame.syntax" or "frame.length_syntax"
end

-- A name, the byte of the frame, the words, and how many bytes were needed to detect it.
local function wrong(name, at, words, seen)
    return nil, nil, {name = name, at = at, words = words, seen = seen}
end

local function misread(name, bytes, start, at)
    local seen = quote(bytes:sub(start), 32)
    return wrong(name, at, seen .. " where " .. expected .. " were expected", at + 1)
end

local function too_large(bytes, start, at)
    local words = " announces more than the " .. payload_max .. " bytes allowed"
    return wrong("frame.too_large", 0, quote(bytes:sub(start), 32) .. words, at + 1)
end
)lua";

const std::string_view bytes_payload = R"lua(
local function read_payload(_, frame, length)
    frame.payload = length
end
)lua";

const std::string_view characters_payload = R"lua(
-- payload_max, skips

-- The count of an incomplete payload: each segment passes it again, longer.
local counted = {bytes = "", characters = 0}

local function read_payload(bytes, frame, length)
    local from = frame.start + frame.header
    local count, at = 0, from
    local known = bytes:sub(from, from + #counted.bytes - 1) == counted.bytes
    if known and counted.characters <= length then
        count, at = counted.characters, from + #counted.bytes
    end
    local state, stop
    count, at, state, stop = count_characters(bytes, count, at, length)
    local size = stop - from
    frame.skipped = frame.skipped or size > payload_max
    frame.beyond = size > held_max
    if frame.skipped and not skips then
        local words = length .. " characters are more than " .. payload_max .. " bytes"
        frame.wrong = {name = "frame.too_large", at = 0, words = words, seen = frame.header}
    elseif state == "wrong" then
        local words = quote(bytes:sub(stop), 4) .. " is not UTF-8, and characters are counted"
        frame.wrong = {name = "frame.utf8", at = frame.header + size, words = words,
                       seen = frame.header + size + 1}
    elseif count < length then
        frame.wanted = DESEGMENT_ONE_MORE_SEGMENT
        counted = {bytes = bytes:sub(from, at - 1), characters = count}
    else
        counted = {bytes = "", characters = 0}
    end
    frame.payload = size
end
)lua";

const std::string_view prefixed_frame = R"lua(
-- lead, lead_at, trailer_size, trailer (or nil: any bytes), payload_max, held_max

local function read_frame(bytes, start)
    local frame = {start = start}
    frame.header, frame.length, frame.wrong = read_header(bytes, start)
    if frame.wrong then return frame end
    if not frame.header then
        frame.wanted = DESEGMENT_ONE_MORE_SEGMENT
        return frame
    end
    local length = type(frame.length) == "number" and frame.length or frame.length:tonumber()
    frame.skipped = length > payload_max
    frame.beyond = length > held_max
    if frame.beyond then return frame end
    read_payload(bytes, frame, length - lead)
    if frame.wrong or frame.wanted or frame.beyond then return frame end
    if lead > 0 then
        local first = start + frame.header
        frame.data = bytes:sub(start + lead_at, start + lead_at + lead - 1)
            .. bytes:sub(first, first + frame.payload - 1)
    end
    local behind = frame.header + frame.payload
    local missing = start + behind + trailer_size - 1 - #bytes
    if missing > 0 then
        frame.wanted = missing
    elseif trailer and bytes:sub(start + behind, start + behind + #trailer - 1) ~= trailer then
        local words = quote(bytes:sub(start + behind), 4) .. " where the frame should end"
        frame.wrong = {name = "frame.syntax", at = behind, words = words, seen = behind + 1}
    else
        frame.trailer = trailer_size
        frame.size = behind + trailer_size
    end
    return frame
end
)lua";

const std::string_view delimited_frame = R"lua(
-- lead (or nil), mark, is_line, skips, payload_max, held_max

-- The offset of the mark, and its length here.
local function find_end(bytes, from)
    if not is_line then return bytes:find(mark, from, true) end
    local at = bytes:find("\n", from, true)
    if at and at > from and bytes:byte(at - 1) == 0x0D then return at - 1, at end
    return at, at
end

-- How many of the last bytes may be the beginning of a mark.
local function held_back(bytes, from)
    for size = math.min(#mark - 1, #bytes - from + 1), 1, -1 do
        if bytes:sub(-size) == mark:sub(1, size) then return size end
    end
    return 0
end

-- The same between marks, where nothing may begin like either: the mark, or nil, the payload's size
-- as far as it is known, and what is wrong.
local function find_strict_end(bytes, from)
    local first = bytes:find(mark:sub(1, 1), from, true)
    local again = bytes:find(lead, from, true)
    if again and (not first or again < first) then
        return nil, nil, again - from,
            {at = again, words = quote(lead, 4) .. " inside a payload, where " .. quote(mark, 32)
                .. " must come first"}
    end
    if not first then return nil, nil, #bytes + 1 - from end
    for index = 2, #mark do
        local byte = bytes:sub(first + index - 1, first + index - 1)
        if byte == "" then return nil, nil, first - from end
        if byte ~= mark:sub(index, index) then
            return nil, nil, first - from,
                {at = first + index - 1, words = quote(byte, 4) .. " after "
                    .. quote(mark:sub(1, index - 1), 32) .. ", where "
                    .. quote(mark:sub(index), 32) .. " was expected"}
        end
    end
    return first, first + #mark - 1, first - from
end

local function read_frame(bytes, start)
    local frame = {start = start, header = lead and 1 or 0}
    if lead and bytes:byte(start) ~= lead:byte() then
        frame.wrong = select(3, misread("frame.syntax", bytes, start, 0))
        return frame
    end
    local from = start + frame.header
    local first, last, size, strange
    if lead then
        first, last, size, strange = find_strict_end(bytes, from)
    else
        first, last = find_end(bytes, from)
        size = (first or #bytes + 1 - held_back(bytes, from)) - from
    end
    frame.skipped = size > payload_max
    frame.beyond = size > held_max
    if frame.skipped and not skips then
        local words = quote(bytes:sub(start), 32) .. " is not ended by " .. quote(mark, 32)
            .. " within the " .. payload_max .. " bytes allowed"
        frame.wrong = {name = "frame.too_large", at = 0, words = words,
                       seen = frame.header + payload_max + 1}
    elseif strange then
        frame.wrong = {name = "frame.syntax", at = strange.at - start, words = strange.words,
                       seen = strange.at - start + 1}
    elseif not first and not frame.beyond then
        frame.wanted = DESEGMENT_ONE_MORE_SEGMENT
    elseif not frame.beyond then
        frame.payload, frame.trailer = size, last - first + 1
        frame.size = frame.header + size + frame.trailer
    end
    return frame
end
)lua";

const std::string_view stuffed_frame = R"lua(
-- flag, escape, meanings (of what is written after it), skips, payload_max, held_max

local function read_frame(bytes, start)
    local flags = #bytes:match("^" .. flag .. "*", start)
    local frame = {start = start, header = flags}
    local parts, size, at = {}, 0, start + flags
    local begins = math.max(flags - 1, 0)
    while true do
        local plain = bytes:match("^[^" .. flag .. escape .. "]*", at)
        parts[#parts + 1], size, at = plain, size + #plain, at + #plain
        if size > payload_max and not skips then
            local words = quote(bytes:sub(start + flags), 32) .. " is not ended within the "
                .. payload_max .. " bytes allowed"
            frame.wrong = {name = "frame.too_large", at = begins, words = words,
                           seen = at - start}
            return frame
        end
        if at > #bytes then break end
        if bytes:byte(at) == flag:byte() then
            frame.payload, frame.trailer = at - start - flags, 1
            frame.size, frame.data = at + 1 - start, table.concat(parts)
            frame.skipped = size > payload_max
            frame.beyond = size > held_max
            return frame
        end
        local written = bytes:sub(at + 1, at + 1)
        if written == "" then break end
        local byte = meanings[written]
        if not byte then
            frame.wrong = select(3, misread("frame.syntax", bytes, start, at + 1 - start))
            return frame
        end
        parts[#parts + 1], size, at = byte, size + 1, at + 2
    end
    frame.beyond = size > held_max
    if not frame.beyond then frame.wanted = DESEGMENT_ONE_MORE_SEGMENT end
    return frame
end
)lua";

const std::string_view raw_frame = R"lua(
-- payload_max

local function read_frame(bytes, start)
    local size = math.min(#bytes - start + 1, payload_max)
    return {start = start, header = 0, payload = size, trailer = 0, size = size}
end
)lua";

}  // namespace framewire::lua
