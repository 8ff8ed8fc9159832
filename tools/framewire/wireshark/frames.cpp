#include "lua.hpp"

namespace framewire::lua {

const std::string_view bytes_payload = R"lua(
-- trailer_size, trailer

local function read_payload(here, _, length, is_last)
    if is_last and (not trailer or #trailer < 2) then
        here:take_last(length, trailer_size)
    else
        here:take(length)
    end
end
)lua";

const std::string_view characters_payload = R"lua(
-- payload_max, skips

-- The count of an incomplete payload: each segment passes it again, longer.
local counted = {bytes = "", characters = 0}

local function count_payload(bytes, frame, from, length)
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

local function read_payload(here, frame, length)
    count_payload(here.bytes, frame, here.at, length)
    if frame.wrong or frame.wanted or frame.beyond then error(frame, 0) end
    here.at = here.at + frame.payload
end
)lua";

const std::string_view prefixed_frame = R"lua(
-- magic, offset, lead, adjust, mask, more, last, full, idle_first, idle_last (each may be nil),
-- trailer_size, trailer (or nil: any bytes), payload_max, held_max, length_max, limit_max, largest
-- (or nil), zero

local function masked(field) return mask and field:band(mask) or field end

local function continues(field)
    if full then return masked(field) == full end
    if more then return field:band(more) ~= zero end
    return last and field:band(last) == zero
end

-- The length, or nothing if it is idle; the field; and the bytes that are payload. `done` bytes of
-- the payload are in frames before this one.
local function read_header(here, done)
    here:expect_all(magic)
    local begun = here:take(offset - #magic):sub(1, lead)
    local field_at = here.at
    local limit = limit_max
    if done > 0 and not mask then limit = math.max(limit_max - done, idle_last or 0) end
    local field = read_number(here, limit)
    if idle_first and field >= idle_first and field <= idle_last then return nil, field end
    local length = masked(field)
    if adjust < 0 and length < -adjust then
        here.at = field_at + 1
        here:wrong("frame.length_syntax")
    elseif adjust < 0 then
        length = length - -adjust
    elseif largest and length > largest - adjust then
        here:too_large()
    else
        length = length + adjust
    end
    if largest and length > largest - lead then here:too_large() end
    length = length + lead
    if length > length_max - done then here:too_large() end
    return length, field, begun
end

local function read_frame(bytes, start)
    return try(bytes, start, function(here, frame)
        local parts, size, count = {}, 0, 0
        repeat
            local done = frame.skipped and 0 or size
            local length, field, begun = read_header(here, done)
            if count == 0 then frame.header, frame.length = here.at - start, length end
            if not length then
                frame.idle = field
                return
            end
            local known = type(length) == "number" and length or length:tonumber()
            size, count = size + known, count + 1
            frame.skipped = frame.skipped or math.max(known, size) > payload_max
            if known > held_max then error({beyond = true}, 0) end
            local from = here.at
            read_payload(here, frame, known - lead, not continues(field))
            parts[#parts + 1] = begun
            parts[#parts + 1] = bytes:sub(from, here.at - 1)
            frame.payload = here.at - start - frame.header
            if trailer then here:expect_all(trailer) else here:take(trailer_size) end
        until not continues(field)
        if count > 1 then frame.length = nil end
        if count > 1 or lead > 0 then frame.data = table.concat(parts) end
        frame.trailer = trailer_size
    end)
end
)lua";

const std::string_view fixed_frame = R"lua(
-- payload_size, payload_max, skips

local function read_frame(bytes, start)
    return try(bytes, start, function(here, frame)
        frame.skipped, frame.length = payload_size > payload_max, payload_size
        if frame.skipped and not skips then here:too_large() end
        if payload_size > held_max then error({beyond = true}, 0) end
        here:take_last(payload_size, 0)
        frame.payload = payload_size
    end)
end
)lua";

const std::string_view delimited_frame = R"lua(
-- marks, is_line, skips, payload_max, held_max

-- The offset of the mark, and its length here.
local function find_end(bytes, from)
    local first, last
    for _, mark in ipairs(is_line and {} or marks) do
        local at, stop = bytes:find(mark, from, true)
        if at and (not last or stop < last) then first, last = at, stop end
    end
    if not is_line then return first, last end
    local at = bytes:find("\n", from, true)
    if at and at > from and bytes:byte(at - 1) == 0x0D then return at - 1, at end
    return at, at
end

-- How many of the last bytes may be the beginning of a mark.
local function held_back(bytes, from)
    local most = 0
    for _, mark in ipairs(marks) do
        for size = math.min(#mark - 1, #bytes - from + 1), most + 1, -1 do
            if bytes:sub(-size) == mark:sub(1, size) then
                most = size
                break
            end
        end
    end
    return most
end

local function read_frame(bytes, start)
    local frame = {start = start, header = 0}
    local first, last = find_end(bytes, start)
    local size = (first or #bytes + 1 - held_back(bytes, start)) - start
    frame.skipped = size > payload_max
    frame.beyond = size > held_max
    if frame.skipped and not skips then
        local words = quote(bytes:sub(start), 32) .. " is not ended by " .. quote(marks[1], 32)
            .. " within the " .. payload_max .. " bytes allowed"
        frame.wrong = {name = "frame.too_large", at = 0, words = words, seen = payload_max + 1}
    elseif not first and not frame.beyond then
        frame.wanted = DESEGMENT_ONE_MORE_SEGMENT
    elseif not frame.beyond then
        frame.payload, frame.trailer = size, last - first + 1
        frame.size = size + frame.trailer
    end
    return frame
end
)lua";

const std::string_view between_frame = R"lua(
-- opening, mark, skipped, trailer_size, skips, payload_max

local function read_frame(bytes, start)
    return try(bytes, start, function(here, frame)
        here:pass_over(skipped)
        here:expect_all(opening)
        local from = here.at
        frame.header = from - start
        local first = bytes:find(mark:sub(1, 1), from, true)
        local again, behind = bytes:find(opening, from, true)
        local is_again = again and (not first or behind < first)
        local size = (is_again and behind or first or #bytes + 1) - from
        frame.skipped = size > payload_max
        here.at = from + size
        if frame.skipped and not skips then here:too_large() end
        if is_again then
            here.at = behind + 1
            here:wrong()
        end
        here:expect_all(mark)
        here:take(trailer_size)
        frame.payload, frame.trailer = size, #mark + trailer_size
    end)
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
