#include "lua.hpp"

namespace framewire::lua {

const std::string_view stuffed_frame = R"lua(
-- spaces, payload_max, skips

-- A payload that is read a little at a time: `add` makes it longer.
local function read_frame(bytes, start)
    return try(bytes, start, function(here, frame)
        pass_between(here)
        local parts, size = {}, 0
        local function add(text)
            parts[#parts + 1], size = text, size + #text
            if size > payload_max and not skips then here:too_large() end
        end
        local from = here.at
        read_parts(here, add)
        frame.header = from - start
        frame.data, frame.skipped = table.concat(parts), size > payload_max
        frame.trailer = ending_size
        frame.payload = here.at - ending_size - from
    end)
end
)lua";

const std::string_view flagged_parts = R"lua(
-- flag, escape, meanings (of what is written after it)

local ending_size = 1

local function pass_between(here)
    here:pass_over(flag)
    -- The last of several is the frame's.
    here.frame = math.max(here.frame - 1, here.start)
end

local function read_parts(here, add)
    while true do
        local plain = here.bytes:match("^[^" .. flag .. escape .. "]*", here.at)
        here.at = here.at + #plain
        add(plain)
        if here:next() == flag:byte() then return end
        local byte = meanings[string.char(here:next())]
        if not byte then here:wrong() end
        add(byte)
    end
end
)lua";

const std::string_view telnet_parts = R"lua(
local ending_size = 2

local function pass_between() end

local function read_parts(here, add)
    while true do
        local plain = here.bytes:match("^[^\255]*", here.at)
        here.at = here.at + #plain
        add(plain)
        here:next()
        local byte = here:next()
        if byte == 0xEF then return end
        if byte ~= 0xFF then here:wrong() end
        add("\255")
    end
end
)lua";

const std::string_view cobs_parts = R"lua(
local ending_size = 1

local function pass_between(here) here:pass_over("\0") end

local function read_parts(here, add)
    local zero = ""
    while true do
        local code = here:next()
        if code == 0 then return end
        add(zero)
        for _ = 2, code do
            local byte = here:next()
            if byte == 0 then here:wrong() end
            add(string.char(byte))
        end
        zero = code == 255 and "" or "\0"
    end
end
)lua";

const std::string_view dot_parts = R"lua(
-- line_end

local ending_size = 1 + #line_end

local function pass_between() end

local function read_parts(here, add)
    local line, is_strict = "", line_end == "\r\n"
    while true do
        local byte = here:next()
        if is_strict and (line:sub(-1) == "\r") ~= (byte == 0x0A) then here:wrong() end
        if (line == "." or line == ".\r") and byte == 0x0A and (line == ".\r") == is_strict then
            return
        end
        if line == "." and byte ~= 0x2E and byte ~= line_end:byte() then here:wrong() end
        line = line .. string.char(byte)
        if line ~= "." and not (line == ".\r" and is_strict) then
            add(string.char(byte))
            if byte == 0x0A then line = "" end
        end
        if #line > 3 then line = "..." .. line:sub(-1) end
    end
end
)lua";

}  // namespace framewire::lua
