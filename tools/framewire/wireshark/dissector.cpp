#include "lua.hpp"

namespace framewire::lua {

const std::string_view dissector = R"lua(
-- spec, port, payload_name, requests, replies: each {first = (or nil), rest =}

local framewire = Proto("framewire", "framewire " .. spec)

local fields = {
    header = ProtoField.bytes("framewire.header", "Header"),
    length = ProtoField.uint64("framewire.length", "Length"),
    payload = ProtoField.bytes("framewire.payload", "Payload"),
    text = ProtoField.string("framewire.text", "Text"),
    written = ProtoField.bytes("framewire.written", "Written as"),
    skipped = ProtoField.bytes("framewire.skipped", "Skipped"),
    trailer = ProtoField.bytes("framewire.trailer", "Trailer"),
    idle = ProtoField.uint64("framewire.idle", "Idle"),
    error = ProtoField.string("framewire.error", "Error"),
}
framewire.fields = fields

local malformed = ProtoExpert.new("framewire.malformed", "no frame", expert.group.MALFORMED,
                                  expert.severity.ERROR)
local unread = ProtoExpert.new("framewire.unread", "not read", expert.group.UNDECODED,
                               expert.severity.WARN)
framewire.experts = {malformed, unread}

-- Wireshark's own, for the payloads; nil if there is none. Some are known only by the port that
-- they read; these read whole frames, as TCP brings them (hl7).
local function find_dissector(name)
    local known, found = pcall(Dissector.get, name)
    if known and found then return found, false end
    local by_port = DissectorTable.get("tcp.port")
    for number = 1, 65535 do
        found = by_port:get_dissector(number)
        if found and tostring(found):lower() == name then return found, true end
    end
end

local payload_dissector, reads_frames
if payload_name then payload_dissector, reads_frames = find_dissector(payload_name) end
if payload_name and not payload_dissector then
    report_failure("framewire: Wireshark has no dissector '" .. payload_name
        .. "', so payloads are shown as they are; 'tshark -G protocols' lists the names")
end

-- Sets the Info column: the number of frames and their contents, as far as there is space.
local function show_info(pinfo, words, is_frame)
    local private = pinfo.private
    local frames = tonumber(private.framewire_frames or "0") + (is_frame and 1 or 0)
    local before = private.framewire_words
    if before and #before > 100 then
        words = before:sub(-5) == ", ..." and before or before .. ", ..."
    elseif before then
        words = before .. ", " .. words
    end
    private.framewire_frames, private.framewire_words = tostring(frames), words
    local count = frames == 0 and "" or frames == 1 and "1 frame: " or frames .. " frames: "
    pinfo.cols.protocol:set("framewire")
    pinfo.cols.info:clear_fence()
    pinfo.cols.info:set(count .. words)
end

local function show_length(tree, frame, range)
    local value = frame.length or frame.data and #frame.data or frame.payload
    if not value then return end
    local length = type(value) == "number" and UInt64.new(value) or value
    local item
    if frame.length and frame.header > 0 then
        local by = frame.by
        local size = by.length_size or frame.header - by.length_at
        item = tree:add(fields.length, range(by.length_at, size), length)
    else
        item = tree:add(fields.length, range(frame.header, frame.payload or 0), length)
        item:set_generated()
    end
    item:append_text(" " .. frame.by.unit)
end

-- It sees one whole payload, and may not ask for more.
local function dissect_payload(tree, here, pinfo)
    local may_wait = pinfo.can_desegment
    pinfo.can_desegment = 0
    local done, why = pcall(payload_dissector.call, payload_dissector, here:tvb(), pinfo, tree)
    pinfo.can_desegment = may_wait
    if not done then
        tree:add_proto_expert_info(malformed, payload_name .. " does not read this payload: "
            .. tostring(why))
    end
end

local function show_payload(tree, frame, range, payload, pinfo)
    local at, size = frame.header, frame.payload
    if frame.skipped then
        local item = tree:add(fields.skipped, range(at, size))
        item:add_proto_expert_info(unread, "more than the " .. frame.by.payload_max
            .. " bytes allowed: a receiver skips this frame")
        return
    end
    local here = range(at, size)
    if frame.data then
        tree:add(fields.written, here)
        -- In a tab of its own, as these bytes stand nowhere together.
        here = #payload > 0 and ByteArray.new(payload, true):tvb("Payload")() or range(at, 0)
    end
    local item = tree:add(fields.payload, here)
    item:set_text("Payload: " .. quote(payload, 200))
    local _, _, state = count_characters(payload, 0, 1, #payload)
    if state == "whole" and #payload > 0 then item:add(fields.text, here, payload) end
    if payload_dissector and #payload > 0 then
        dissect_payload(tree, reads_frames and range(0, frame.size) or here, pinfo)
    end
end

local function show(frame, bytes, buffer, pinfo, tree)
    local function range(at, size) return buffer(frame.start - 1 + at, size) end
    local size = frame.size or frame.wrong and frame.wrong.seen or frame.header or 0
    size = math.min(size, #bytes - frame.start + 1)
    local branch = tree:add(framewire, range(0, size))
    if frame.header and frame.header > 0 then
        local header = bytes:sub(frame.start, frame.start + frame.header - 1)
        local item = branch:add(fields.header, range(0, frame.header))
        local value = frame.length and " = " .. tostring(frame.length) or ""
        item:set_text("Header: " .. quote(header, 80) .. value)
    end
    show_length(branch, frame, range)
    if frame.wrong then
        local name = frame.wrong.name
        local item = branch:add(fields.error, range(0, size), name)
        local place = name .. " at byte " .. frame.wrong.at .. " of the frame"
        item:set_text("Error: " .. place .. ": " .. frame.wrong.words)
        item:add_proto_expert_info(malformed, place)
        branch:append_text(", " .. name)
        show_info(pinfo, name, false)
        return
    end
    if not frame.size then
        branch:add_proto_expert_info(unread, "Wireshark does not reassemble this frame")
        show_info(pinfo, "a frame that is not reassembled", false)
        return
    end
    if frame.idle then
        local by = frame.by
        local field = type(frame.idle) == "number" and UInt64.new(frame.idle) or frame.idle
        branch:add(fields.idle, range(by.length_at, by.length_size or frame.header - by.length_at),
                   field)
        branch:append_text(", idle")
        show_info(pinfo, "idle", true)
        return
    end
    local first = frame.start + frame.header
    local payload = frame.data or bytes:sub(first, first + frame.payload - 1)
    show_payload(branch, frame, range, payload, pinfo)
    if frame.trailer > 0 then
        branch:add(fields.trailer, range(frame.header + frame.payload, frame.trailer))
    end
    local words = frame.skipped and "skipped" or quote(payload, 40)
    branch:append_text(", " .. words)
    show_info(pinfo, words, true)
end

-- Of each direction whose first frame is of its own: the segment in which that ends.
local begun = {}

function framewire.init() begun = {} end

-- Who reads the next frame, and what to call after it.
local function reader_of(pinfo)
    local is_request = pinfo.dst_port == port
    local sent = is_request and requests or replies
    if not sent.first then return sent.rest, function() end end
    local key = tostring(pinfo.src) .. " " .. pinfo.src_port .. " " .. tostring(pinfo.dst) .. " "
        .. pinfo.dst_port
    local ended = begun[key]
    local is_over = pinfo.private.framewire_begun or (ended and ended < pinfo.number)
    return is_over and sent.rest or sent.first, function()
        pinfo.private.framewire_begun = "true"
        begun[key] = begun[key] or pinfo.number
    end
end

function framewire.dissector(buffer, pinfo, tree)
    -- After a reassembled frame, Wireshark passes the rest of its last segment.
    if pinfo.private.framewire_lost then return end
    local bytes = buffer:raw()
    local start = 1
    while start <= #bytes do
        local by, done = reader_of(pinfo)
        local frame = by.read(bytes, start)
        frame.by = by
        local may_wait = pinfo.can_desegment and pinfo.can_desegment ~= 0
        if frame.wanted and not frame.beyond and may_wait then
            pinfo.desegment_offset = start - 1
            pinfo.desegment_len = frame.wanted
            return
        end
        done()
        show(frame, bytes, buffer, pinfo, tree)
        if not frame.size then
            pinfo.private.framewire_lost = "true"
            return
        end
        start = start + frame.size
    end
end

DissectorTable.get("tcp.port"):add(port, framewire)
)lua";

}  // namespace framewire::lua
