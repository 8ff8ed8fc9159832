#include "framewire/codec/beanstalkd.hpp"

#include "value_decoder.ipp"

namespace framewire {
namespace {

constexpr std::array<line_rules::verb, 4> beanstalkd_verbs{
    {{"put", 5, 5}, {"RESERVED", 3, 3}, {"FOUND", 3, 3}, {"OK", 2, 2}}};
constexpr line_rules beanstalkd_rules{.verbs = beanstalkd_verbs, .others = true};

}  // namespace

beanstalkd_scanner::beanstalkd_scanner() noexcept : line_scanner(beanstalkd_rules) {}

template class value_decoder<beanstalkd_scanner>;

}  // namespace framewire
