#pragma once

#include "framewire/codec/framing_table.hpp"

#include <array>

namespace framewire::presets {

/// Health.
inline constexpr auto health = std::to_array<framing_preset>({
    {"mllp", "hl7 hl7v2", R"(between:\x0b..\x1c\r)", "HL7 v2 between 0x0B and 0x1C 0x0D",
     "HL7 v2, appendix C", R"(MSH|^~\\&|A\r)"},
    {"dicom", "", "u32be,lead=2", "DICOM: the payload begins with the type", "PS3.8, 9.3.1",
     R"(\x05\0\0\0\0\0)"},
    {"astm", "lis01", R"(between:\x02..\r\n,skip=\x04\x05\x06\x15)",
     "ASTM E1381: frames; ENQ, ACK, NAK and EOT are passed over", "CLSI LIS01-A2, 6.3", ""},
});

}  // namespace framewire::presets
