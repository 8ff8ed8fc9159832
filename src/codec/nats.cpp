#include "framewire/codec/nats.hpp"

#include "value_decoder.ipp"

namespace framewire {
namespace {

constexpr std::array<line_rules::verb, 12> nats_verbs{{{"INFO"},
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
constexpr line_rules nats_rules{.verbs = nats_verbs, .any_case = true};

}  // namespace

nats_scanner::nats_scanner() noexcept : line_scanner(nats_rules) {}

template class value_decoder<nats_scanner>;

}  // namespace framewire
