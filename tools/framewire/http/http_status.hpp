#pragma once

namespace framewire {

/// The statuses of responses that sites of the command make.
namespace http_status {

enum code : int {
    ok = 200,
    forbidden = 403,
    not_found = 404,
    method_not_allowed = 405,
    unsupported_media_type = 415,
    unprocessable = 422,
    service_unavailable = 503,
};

}  // namespace http_status

}  // namespace framewire
