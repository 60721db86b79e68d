# How many times as long as others a test may take, and a program that it starts (tests/support/patience.hpp): sanitizers
# make programs several times slower.
set(MILLRACE_PATIENCE 1)
if(MILLRACE_SANITIZE)
  set(MILLRACE_PATIENCE 5)
endif()
set(MILLRACE_MPIRUN "${CMAKE_SOURCE_DIR}/tests/support/mpirun")

# millrace_time_limit(SECONDS test ...): the tests' time limit, times MILLRACE_PATIENCE.
function(millrace_time_limit SECONDS)
  math(EXPR limit "${SECONDS} * ${MILLRACE_PATIENCE}")
  set_tests_properties(${ARGN} PROPERTIES TIMEOUT ${limit})
endfunction()

# Tests themselves take longer to optimise than to run.
set(MILLRACE_TEST_OPTIONS $<$<CONFIG:Release>:-O1>)

# millrace_test(NAME SOURCES a.cpp ... LINKS target ...): one executable of GoogleTest tests, run once.
function(millrace_test NAME)
  cmake_parse_arguments(TEST "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(test_${NAME} ${TEST_SOURCES})
  target_link_libraries(test_${NAME} PRIVATE millrace_test_support GTest::gtest_main ${TEST_LINKS})
  target_compile_options(test_${NAME} PRIVATE ${MILLRACE_TEST_OPTIONS})
  add_test(NAME ${NAME} COMMAND test_${NAME})
  set_tests_properties(${NAME} PROPERTIES LABELS core)
  millrace_time_limit(120 ${NAME})
endfunction()

# millrace_mpi_test(NAME SOURCES a.cpp ... LINKS target ... [RANKS 1 2 3 4]): run under mpirun once for each number of ranks.
function(millrace_mpi_test NAME)
  cmake_parse_arguments(TEST "" "" "SOURCES;LINKS;RANKS" ${ARGN})
  if(NOT TEST_RANKS)
    set(TEST_RANKS 1 2 3 4)
  endif()
  add_executable(test_${NAME} ${TEST_SOURCES} "${PROJECT_SOURCE_DIR}/tests/support/mpi_main.cpp")
  target_link_libraries(test_${NAME} PRIVATE millrace_test_support millrace::comm ${TEST_LINKS})
  target_compile_options(test_${NAME} PRIVATE ${MILLRACE_TEST_OPTIONS})
  foreach(ranks ${TEST_RANKS})
    add_test(NAME ${NAME}_n${ranks} COMMAND "${MILLRACE_MPIRUN}" ${ranks} $<TARGET_FILE:test_${NAME}>)
    set_tests_properties(${NAME}_n${ranks} PROPERTIES LABELS core PROCESSORS 2)
    millrace_time_limit(120 ${NAME}_n${ranks})
  endforeach()
endfunction()
