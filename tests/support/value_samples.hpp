#pragma once

#include "specs.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::tests {

/// Specs of every framing whose payloads are values that end by themselves.
inline constexpr auto every_value = specs_for<count_specs("values")>("values");

/// Payloads of such a framing; two of them, one after the other, are none.
inline std::vector<std::string> values_of(std::string_view spec) {
    using namespace std::string_literals;
    static const std::map<std::string_view, std::vector<std::string>> values{
        {"resp", {"*2\r\n$4\r\nECHO\r\n$5\r\na\r\nbc\r\n", "+OK\r\n", "|1\r\n+a\r\n:1\r\n#t\r\n"}},
        {"ber", {"\x30\x80\x04\x02Hi\x1f\x81\x02\x01x\0\0"s, "\x04\x82\0\x03Hey"s, "\x05\0"s}},
        {"json", {R"({"a":[1,-2.5e3,"\u00e9",true,null]})", "[]", "\"text\"", "12.5"}},
        {"msgpack", {"\x93\xa2Hi\x91\x01\xcd\x11\x22", "\x01", "\xd9\x03"s + "abc"}},
        {"nats", {"PUB a.b 5\r\na\r\nbc\r\n", "PING\r\n", "hmsg a 1 reply 2 4\r\nabcd\r\n"}},
        {"memcached", {"set a 0 0 2 noreply\r\nHi\r\n", "get a b\r\n", "VALUE a 0 0\r\n\r\n"}},
        {"beanstalkd", {"put 0 0 60 2\r\nHi\r\n", "reserve\r\n", "RESERVED 7 1\r\na\r\n"}},
    };
    return values.at(spec);
}

}  // namespace framewire::tests
