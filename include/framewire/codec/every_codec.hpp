#pragma once

#include "framewire/codec/any_delimiter.hpp"
#include "framewire/codec/beanstalkd.hpp"
#include "framewire/codec/ber.hpp"
#include "framewire/codec/between.hpp"
#include "framewire/codec/binary_length.hpp"
#include "framewire/codec/chunks.hpp"
#include "framewire/codec/cobs.hpp"
#include "framewire/codec/content_length.hpp"
#include "framewire/codec/decimal.hpp"
#include "framewire/codec/delimiter.hpp"
#include "framewire/codec/detail/codec_list.hpp"
#include "framewire/codec/digits.hpp"
#include "framewire/codec/dot.hpp"
#include "framewire/codec/fix.hpp"
#include "framewire/codec/fixed.hpp"
#include "framewire/codec/json.hpp"
#include "framewire/codec/kept_message.hpp"
#include "framewire/codec/line.hpp"
#include "framewire/codec/memcached.hpp"
#include "framewire/codec/msgpack.hpp"
#include "framewire/codec/nats.hpp"
#include "framewire/codec/raw.hpp"
#include "framewire/codec/resp.hpp"
#include "framewire/codec/stuffed.hpp"
#include "framewire/codec/syslog_any.hpp"
#include "framewire/codec/until_end.hpp"
#include "framewire/codec/varint.hpp"

namespace framewire {

/// Every codec of the library, the usual ones first. Add a new one here and as a row of
/// `framing_table`.
using every_codec =
    codec_list<digits, binary_length, line, delimiter, varint, decimal, fixed, raw, any_delimiter,
               between, stuffed, cobs, dot, until_end, content_length, kept_message, chunks, resp,
               ber, json_text, msgpack, fix, nats, memcached, beanstalkd, syslog_any>;

}  // namespace framewire
