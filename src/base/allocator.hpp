// The process's memory.
#pragma once

namespace millrace {

// Keeps memory that is given back for the next one who asks, up to the most that was in use: columns come and
// go block by block, and the system would hand out each page anew, filled with zeros. For programs, when they
// start.
void keep_freed_memory();

}  // namespace millrace
