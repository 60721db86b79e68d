// Every connection takes a file descriptor, of which a process may have only so many: for who has many
// connections, a server or a load.
#pragma once

#include <cstdint>

namespace millrace {

// How many of `wanted` connections the process can hold beside its other files, after raising its soft limit
// as far as that takes and the hard one allows. Warns where they are fewer.
std::uint32_t make_room_for_connections(std::uint32_t wanted);

}  // namespace millrace
