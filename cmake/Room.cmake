# millrace_room(NAME SOURCES a.cpp ... [PUBLIC target ...] [PRIVATE target ...])
# One static library per room of src/, named millrace_NAME (alias millrace::NAME). A room sees only the rooms and
# libraries that it links, so an include that climbs the house does not build.
function(millrace_room NAME)
  cmake_parse_arguments(ROOM "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(millrace_${NAME} STATIC ${ROOM_SOURCES})
  add_library(millrace::${NAME} ALIAS millrace_${NAME})
  target_include_directories(millrace_${NAME} PUBLIC "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(millrace_${NAME} PUBLIC ${ROOM_PUBLIC} PRIVATE millrace_flags ${ROOM_PRIVATE})
endfunction()
