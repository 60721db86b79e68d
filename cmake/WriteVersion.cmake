# Run at build time: writes version_generated.hpp, and touches it only when it changes.
execute_process(COMMAND git -C "${SOURCE_DIR}" describe --always --abbrev=10 --dirty=-modified --exclude=*
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT
"#pragma once
inline constexpr const char* kProjectVersion = \"${VERSION}\";
inline constexpr const char* kCompiler = \"${COMPILER}\";
inline constexpr const char* kBuildType = \"${BUILD_TYPE}\";
inline constexpr const char* kCommit = \"${commit}\";
" @ONLY)
