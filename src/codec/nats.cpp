#include "framewire/codec/nats.hpp"

#include "value_decoder.ipp"

namespace framewire {
namespace {

constexpr std::array<line_rules::verb, 12> verbs{{{"INFO"},
                                                  {"CONNECT"},
                                                  {"PUB", line_rules::last_word, 3},
                                                  {"HPUB", line_rules::last_word, 4},
                                                  {"SUB"},
                                                  {"UNSUB"},
                                                  {"MSG", line_rules::last_word, 4},
                                                  {"HMSG", line_rules::last_word, 5},
                                                  {"PING"},
                                                  {"PONG"},
                                                  {"+OK"},
                                                  {"-ERR"}}};
constexpr line_rules rules{.verbs = verbs, .any_case = true};

}  // namespace

nats_scanner::nats_scanner() noexcept : line_scanner(rules) {}

template class value_decoder<nats_scanner>;

}  // namespace framewire
