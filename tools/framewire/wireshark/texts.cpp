#include "lua.hpp"

namespace framewire::lua {

const std::string_view texts = R"lua(
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

)lua";

const std::string_view faults = R"lua(
-- payload_max, held_max, skips, expected

-- Signs and spaces are common mistakes in lengths; letters and control bytes begin other
-- protocols.
local function no_number(byte, index)
    local control = byte < 0x09 or (byte > 0x0D and byte < 0x20) or byte == 0x7F
    local nonsense = is_letter(byte) or control or byte >= 0xF8
    return index == 0 and nonsense and "frame.syntax" or "frame.length_syntax"
end

-- A place in the bytes of a frame. What is missing there, or wrong, ends the reading of the frame.
local place = {}
place.__index = place

function place:fail(name, at, words)
    error({wrong = {name = name, at = at, words = words, seen = self.at - self.start}}, 0)
end

-- Of the byte that was read last.
function place:wrong(name)
    local words = quote(self.bytes:sub(self.frame), 32) .. " where " .. expected
        .. " were expected"
    self:fail(name or "frame.syntax", self.at - 1 - self.start, words)
end

function place:too_large()
    self:fail("frame.too_large", self.frame - self.start, quote(self.bytes:sub(self.frame), 32)
        .. " begins more than the " .. payload_max .. " bytes allowed")
end

function place:want(size) error({wanted = size}, 0) end

function place:check_size()
    if self.at - self.frame > self.value_max then self:too_large() end
end

function place:next()
    self:check_size()
    local byte = self.bytes:byte(self.at)
    if not byte then self:want(DESEGMENT_ONE_MORE_SEGMENT) end
    self.at = self.at + 1
    local size = self.at - self.frame
    if size > self.frame_max then self:too_large() end
    if size > self.header_max then self:wrong() end
    return byte
end

function place:peek()
    local byte = self:next()
    self.at = self.at - 1
    return byte
end

function place:take(size)
    if self.at + size - 1 > #self.bytes then self:want(DESEGMENT_ONE_MORE_SEGMENT) end
    self.at = self.at + size
    return self.bytes:sub(self.at - size, self.at - 1)
end

-- The last bytes of a frame, except as many as may be wrong. Wireshark calls once for all of them.
function place:take_last(size, more)
    local missing = self.at + size - 1 - #self.bytes
    if missing > 0 then self:want(missing + more) end
    self.at = self.at + size
end

-- Bytes of any value, which must not be many.
function place:pass(size)
    local target = self.at + size
    self.at = math.min(target, #self.bytes + 1, self.frame + self.value_max + 1)
    if self.at < target then
        self:check_size()
        self:want(DESEGMENT_ONE_MORE_SEGMENT)
    end
end

-- One of these bytes.
function place:expect(allowed, name)
    local byte = self:next()
    if not allowed:find(string.char(byte), 1, true) then self:wrong(name) end
    return byte
end

-- All of these bytes.
function place:expect_all(text, name)
    for index = 1, #text do
        if self:next() ~= text:byte(index) then self:wrong(name) end
    end
end

-- For what the byte that was read last announces.
function place:require_room(size)
    if size > math.max(self.value_max - (self.at - self.frame), 0) then self:too_large() end
end

function place:pass_over(skipped)
    local byte = self.bytes:sub(self.at, self.at)
    while byte ~= "" and skipped:find(byte, 1, true) do
        self.at = self.at + 1
        byte = self.bytes:sub(self.at, self.at)
    end
    self.frame = self.at
end

-- The frame that `read(place, frame)` describes, as far as there are bytes of it.
local function try(bytes, start, read)
    local none = math.huge
    local here = setmetatable({bytes = bytes, start = start, frame = start, at = start,
                               value_max = none, frame_max = none, header_max = none}, place)
    local frame = {start = start, header = 0, trailer = 0}
    local done, fault = pcall(read, here, frame)
    if done then
        frame.size = here.at - start
    elseif type(fault) == "table" then
        frame.wanted, frame.wrong = fault.wanted, fault.wrong
        local held = #bytes - start
        if frame.wanted and frame.wanted ~= DESEGMENT_ONE_MORE_SEGMENT then
            held = held + frame.wanted
        end
        frame.beyond = fault.beyond or (frame.wanted and held > held_max + 4096)
    else
        error(fault, 0)
    end
    return frame
end
)lua";

}  // namespace framewire::lua
