#include "spec_lists.hpp"

const std::string_view framewire::fuzz::list_name = FRAMEWIRE_FUZZ_LIST;
