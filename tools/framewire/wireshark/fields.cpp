#include "lua.hpp"

namespace framewire::lua {

const std::string_view field_lines = R"lua(
local name_bytes = "^[%w!#$%%&'*+.^_`|~-]$"

local function is_space(byte) return byte == 0x20 or byte == 0x09 end

local function is_text(byte) return byte == 0x09 or (byte >= 0x20 and byte ~= 0x7F) end

-- Reads lines of fields. `rules`: the names of lengths (`known`, in small letters), what ends a
-- line (`eol`), what the first byte of a name is (`first`), `has_start`, `any_spaces`,
-- `may_be_missing`, `length_max`, `refused` (the error of a wrong length).
local function read_fields(here, rules, next_byte)
    local length, previous

    local function begins_end(byte)
        return byte == 0x0D and rules.eol ~= "lf" or byte == 0x0A and rules.eol ~= "crlf"
    end

    local function read_end(byte)
        if byte == 0x0D and next_byte() ~= 0x0A then here:wrong() end
    end

    local function read_text(byte)
        while not begins_end(byte) do
            if not is_text(byte) then here:wrong() end
            byte = next_byte()
        end
        read_end(byte)
    end

    local function read_length(byte)
        while rules.any_spaces and is_space(byte) do byte = next_byte() end
        local digits = ""
        while is_digit(byte) do
            if digits == "0" or #digits == 10 then here:wrong(rules.refused) end
            digits = digits .. string.char(byte)
            if tonumber(digits) > rules.length_max then here:too_large() end
            byte = next_byte()
        end
        while digits ~= "" and rules.any_spaces and is_space(byte) do byte = next_byte() end
        if digits == "" or not begins_end(byte) then here:wrong(rules.refused) end
        length = tonumber(digits)
        read_end(byte)
    end

    local function read_name(byte)
        local name = ""
        while string.char(byte):find(name_bytes) do
            name, byte = name .. string.char(byte), next_byte()
        end
        name = name:lower()
        local is_special = rules.known[name] or name == "transfer-encoding"
        if rules.any_spaces and is_space(byte) then
            if is_special then here:wrong(rules.refused) end
            while is_space(byte) do byte = next_byte() end
        end
        if byte ~= 0x3A then here:wrong() end
        -- Two lengths, even equal ones, are how requests are smuggled.
        if name == "transfer-encoding" or (rules.known[name] and length) then
            here:wrong(rules.refused)
        end
        return name
    end

    local function read_field(name)
        local byte = next_byte()
        if rules.known[name] and rules.is_trailer then here:wrong() end
        if byte == 0x20 then
            byte = next_byte()
        elseif not rules.any_spaces then
            here:wrong(rules.known[name] and rules.refused or "frame.syntax")
        end
        if rules.known[name] then read_length(byte) else read_text(byte) end
    end

    if rules.has_start then
        local byte = next_byte()
        if is_space(byte) or not is_text(byte) then here:wrong() end
        read_text(next_byte())
    end
    while true do
        local byte = next_byte()
        if begins_end(byte) then
            if not length and not rules.may_be_missing then here:wrong(rules.refused) end
            read_end(byte)
            return length
        end
        if rules.any_spaces and is_space(byte) and previous then
            if rules.known[previous] then here:wrong(rules.refused) end
            read_text(next_byte())
        else
            if not string.char(byte):find(rules.first) then here:wrong() end
            previous = read_name(byte)
            read_field(previous)
        end
    end
end
)lua";

const std::string_view fields_frame = R"lua(
-- header_rules, header_max, is_kept, interleaved (or nil), ends_at_trailer, spaces, trailer,
-- payload_max, held_max, length_max

-- The size of the body; nothing if it ends by itself.
local function read_header(here)
    if interleaved and here:peek() == interleaved then
        local header = here:take(4)
        local length = header:byte(3) * 256 + header:byte(4)
        if length > length_max then here:too_large() end
        return length
    end
    here.header_max = header_max
    local length = read_fields(here, header_rules, function() return here:next() end)
    here.header_max = math.huge
    return length or not ends_at_trailer and 0
end

local function find_trailer(here)
    local at = here.bytes:find(trailer:sub(1, 1), here.at, true)
    local size = (at or #here.bytes + 1) - here.at
    if here.at + size - here.frame > length_max then here:too_large() end
    if not at then here:want(DESEGMENT_ONE_MORE_SEGMENT) end
    return size
end

local function read_frame(bytes, start)
    return try(bytes, start, function(here, frame)
        here:pass_over(spaces)
        if is_kept then here.frame_max = length_max end
        local length = read_header(here) or find_trailer(here)
        here.frame_max = math.huge
        if not is_kept then frame.header, frame.length = here.at - start, length end
        local first = is_kept and here.frame or here.at
        frame.payload = here.at + length - first
        if is_kept and frame.payload > length_max then here:too_large() end
        frame.skipped = frame.payload > payload_max
        if frame.payload > held_max then error({beyond = true}, 0) end
        here:take(length)
        frame.header = first - start
        here:expect_all(trailer)
        frame.trailer = #trailer
    end)
end
)lua";

const std::string_view chunks_frame = R"lua(
-- payload_max, skips

local function read_frame(bytes, start)
    return try(bytes, start, function(here, frame)
        local parts, size, ending = {}, 0, start
        here.dropped = 0
        local next_size = read_size(here, false)
        frame.header = here.at - start
        while next_size > 0 do
            local from = here.at
            local room = skips and math.huge or payload_max - size
            if next_size > room and #bytes + 1 - from > room then here:too_large() end
            parts[#parts + 1] = here:take(next_size)
            size = size + next_size
            end_chunk(here)
            ending = here.at
            next_size = read_size(here, true)
        end
        frame.data, frame.skipped = table.concat(parts), size > payload_max
        if size > 0 then
            frame.trailer = here.at - ending
            frame.payload = ending - start - frame.header
        else
            frame.payload = 0
        end
    end)
end
)lua";

const std::string_view sized_chunks = R"lua(
-- width, little_endian

local zero = 0

local function end_chunk() end
)lua";

const std::string_view sized_chunks_size = R"lua(
local function read_size(here) return read_number(here) end
)lua";

const std::string_view http_chunks = R"lua(
local function drop(here)
    if here.dropped == 4096 then here:wrong() end
    here.dropped = here.dropped + 1
end

local trailer_rules = {known = {["content-length"] = true}, eol = "crlf", first = name_bytes,
                       any_spaces = true, may_be_missing = true, length_max = 0,
                       refused = "frame.syntax", is_trailer = true}

local function end_chunk(here) here:expect_all("\r\n") end

local function read_size(here)
    local digits, byte = "", here:next()
    while string.char(byte):find("^%x") do
        if #digits == 16 then here:wrong() end
        digits, byte = digits .. string.char(byte), here:next()
    end
    if digits == "" or (byte ~= 0x0D and byte ~= 0x3B) then here:wrong() end
    if byte == 0x3B then
        byte = here:next()
        while byte ~= 0x0D do
            if not is_text(byte) then here:wrong() end
            drop(here)
            byte = here:next()
        end
    end
    here:expect("\n")
    local size = tonumber(digits, 16)
    if size == 0 then
        read_fields(here, trailer_rules, function()
            local next_byte = here:next()
            if next_byte ~= 0x0D and next_byte ~= 0x0A then drop(here) end
            return next_byte
        end)
    end
    return size
end
)lua";

const std::string_view netconf_chunks = R"lua(
local function end_chunk() end

local function read_size(here, has_data)
    here:expect_all("\n#")
    local byte, value = here:next(), 0
    if byte == 0x23 and has_data then
        here:expect("\n")
        return 0
    end
    while value == 0 or byte ~= 0x0A do
        if not is_digit(byte) or (value == 0 and byte == 0x30) then here:wrong() end
        value = value * 10 + byte - 0x30
        if value > 4294967295 then here:wrong() end
        byte = here:next()
    end
    return value
end
)lua";

}  // namespace framewire::lua
