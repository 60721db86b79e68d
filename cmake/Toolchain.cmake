# Language level, warnings and code generation: the same for every target of ours.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()

# A room's files are compiled several at a time, so that they share the reading of headers: a whole build takes a third
# of the time. Each file must stand with its neighbours, then: what they keep to themselves has names of its own.
option(MILLRACE_UNITY "Compile several source files at a time; OFF: each by itself, for missing includes" ON)
set(CMAKE_UNITY_BUILD ${MILLRACE_UNITY})
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)

add_library(millrace_flags INTERFACE)
target_compile_options(millrace_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
if(MILLRACE_WERROR)
  target_compile_options(millrace_flags INTERFACE -Werror)
endif()
# GCC takes a batch of files for a file that includes headers, whose types should not have members of unnamed namespaces.
if(MILLRACE_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(millrace_flags INTERFACE -Wno-subobject-linkage)
endif()
# No contraction into fused multiply-adds unless a room asks for it (model/, training/): what is computed up to the
# features must not depend on where the compiler found an FMA.
target_compile_options(millrace_flags INTERFACE -ffp-contract=off)
if(MILLRACE_ARCH AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_compile_options(millrace_flags INTERFACE -march=${MILLRACE_ARCH})
endif()
# Modules leave nothing undefined but a sanitizer's functions, which clang links into the executable alone.
set(MILLRACE_NO_UNDEFINED -Wl,--no-undefined)
if(MILLRACE_SANITIZE)
  set(MILLRACE_NO_UNDEFINED "")
  target_compile_options(millrace_flags INTERFACE -fsanitize=${MILLRACE_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(millrace_flags INTERFACE -fsanitize=${MILLRACE_SANITIZE})
  if(MILLRACE_SANITIZE MATCHES address)
    add_library(millrace_keep_modules OBJECT "${PROJECT_SOURCE_DIR}/tests/support/keep_modules.cpp")
    set(program $<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>)
    target_link_libraries(millrace_flags INTERFACE $<${program}:$<TARGET_OBJECTS:millrace_keep_modules>>)
    target_link_options(millrace_flags INTERFACE $<${program}:-Wl,--export-dynamic-symbol=dlclose>)
  endif()
  if(MILLRACE_SANITIZE MATCHES thread)  # which knows no fences: Asio's own locks order its handlers as well
    target_compile_definitions(millrace_flags INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
endif()
