#include "lua.hpp"

namespace framewire::lua {

const std::string_view lines_value = R"lua(
-- sizes (of each verb: which word is the size, from the end if negative, and how many words there
-- are at least), others (the verbs without data, or nil: any word), any_case

local function verb_of(word) return any_case and word:upper() or word end

local function is_known(word, matches)
    if not others then return true end
    for verb in pairs(sizes) do
        if matches(verb, verb_of(word)) then return true end
    end
    for _, verb in ipairs(others) do
        if matches(verb, verb_of(word)) then return true end
    end
    return false
end

local function begins(verb, word) return verb:sub(1, #word) == word end
local function equals(verb, word) return verb == word end

-- Of a size of which the last byte has just been read.
local function check_size(here, word)
    local is_wrong = not is_digit(word:byte(-1)) or #word > 10 or word:sub(1, 1) == "0"
    if is_wrong and word ~= "0" then here:wrong("frame.length_syntax") end
    here:require_room(tonumber(word))
end

local function read_words(here)
    local words = {""}
    while true do
        local byte = here:next()
        local known = #words > 1 and sizes[verb_of(words[1])] or {0, 1}
        if byte == 0x20 or byte == 0x09 or byte == 0x0D then
            if words[1] == "" or (#words == 1 and not is_known(words[1], equals)) then
                here:wrong()
            end
            if byte == 0x0D then return words end
            if words[#words] ~= "" then words[#words + 1] = "" end
        else
            if byte == 0x0A then here:wrong() end
            words[#words] = words[#words] .. string.char(byte)
            local begins_verb = #words > 1
                or (byte > 32 and byte < 127 and is_known(words[1], begins))
            if not begins_verb then here:wrong() end
            if #words == known[1] then check_size(here, words[#words]) end
        end
    end
end

local function read_value(here)
    local words = read_words(here)
    local known = sizes[verb_of(words[1])]
    if words[#words] == "" then words[#words] = nil end
    local size
    if known then
        if #words < known[2] then here:wrong("frame.length_syntax") end
        local word = words[known[1] > 0 and known[1] or #words + 1 + known[1]]
        if not word:find("^%d+$") or #word > 10 or (#word > 1 and word:sub(1, 1) == "0") then
            here:wrong("frame.length_syntax")
        end
        size = tonumber(word)
        here:require_room(size)
    end
    here:expect("\n")
    if size then
        here:pass(size)
        here:expect("\r")
        here:expect("\n")
    end
end
)lua";

const std::string_view fix_frame = R"lua(
-- payload_max, skips

local tag = "8=FIX"

local function read_frame(bytes, start)
    return try(bytes, start, function(here, frame)
        local most = skips and math.huge or payload_max
        for index = 1, 32 do
            local byte = here:next()
            local is_text = string.char(byte):find("^[%w.]") and index < 32
            local is_right = byte == 1 or is_text
            if index <= #tag then is_right = byte == tag:byte(index) end
            if not is_right then here:wrong() end
            if index > most then here:too_large() end
            if byte == 1 then break end
        end
        local begin = bytes:sub(start, here.at - 1)
        here:expect_all("9=")
        local length = read_decimal(here, "\1", function() return most - #begin end,
                                    "frame.length_syntax")
        if length == 0 then here:wrong("frame.length_syntax") end
        frame.header = here.at - start
        if length > held_max then error({beyond = true}, 0) end
        local body = here:take(length)
        if body:sub(-1) ~= "\1" then here:wrong() end
        local sum = 0
        for index = start, here.at - 1 do sum = (sum + bytes:byte(index)) % 256 end
        frame.payload, frame.data, frame.trailer = length, begin .. body, 7
        frame.skipped = #frame.data > payload_max
        here:expect_all(("10=%03d\1"):format(sum))
    end)
end
)lua";

const std::string_view syslog_frame = R"lua(
-- payload_max, skips

local function read_frame(bytes, start)
    return try(bytes, start, function(here, frame)
        here:pass_over("\r\n\0")
        local first = here:next()
        if first < 32 or first == 127 then here:wrong() end
        here.at = here.at - 1
        if is_digit(first) then
            local most = skips and math.huge or payload_max
            local length = read_decimal(here, " ", function() return most end,
                                        "frame.length_syntax")
            if length > held_max then error({beyond = true}, 0) end
            here:take(length)
            frame.header, frame.payload = here.at - start - length, length
        else
            local last = bytes:find("\n", here.at, true)
            local text = bytes:sub(here.at, (last or #bytes + 1) - 1):gsub("\r$", "")
            if #text > payload_max and not skips then here:too_large() end
            if not last then here:want(DESEGMENT_ONE_MORE_SEGMENT) end
            frame.header, frame.payload = here.at - start, #text
            frame.trailer = last + 1 - here.at - #text
            here.at = last + 1
        end
        frame.skipped = frame.payload > payload_max
    end)
end
)lua";

}  // namespace framewire::lua
